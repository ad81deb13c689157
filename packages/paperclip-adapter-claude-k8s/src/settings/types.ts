import type { Affinity, DnsConfig, RunVolume, Toleration } from "@claude-k8s/k8s-job-manifest";

/** What new pods take over from the pod that the server runs in, each unless it is switched off or set. */
export interface InheritSettings {
  readonly inheritEnv: boolean;
  readonly inheritImage: boolean;
  readonly inheritPullSecrets: boolean;
  readonly inheritDns: boolean;
  readonly inheritVolumeClaim: boolean;
  readonly inheritScheduling: boolean;
}

/** Where the files come from that a task is about. */
export interface WorkspaceSettings {
  readonly inheritWorkspace: boolean;
  readonly cloneRepo: boolean;
  readonly repoCredentialsSecret: string | undefined;
  readonly requireWorkspace: boolean;
}

/** Where and how the pod runs. Absent is `undefined`; durations are in the unit that the key names. */
export interface ClusterSettings {
  readonly namespace: string | undefined;
  readonly image: string | undefined;
  readonly imagePullPolicy: "IfNotPresent" | "Always" | "Never";
  readonly imagePullSecrets: readonly string[];
  readonly kubeconfig: string | undefined;
  readonly serviceAccountName: string | undefined;
  readonly workspaceVolumeClaim: string | undefined;
  readonly workspaceAccessMode: RunVolume["accessMode"];
  readonly readOnlyRoot: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly affinity: Affinity | undefined;
  readonly priorityClassName: string | undefined;
  readonly runtimeClassName: string | undefined;
  readonly dnsPolicy: DnsPolicy | undefined;
  readonly dnsConfig: DnsConfig | undefined;
  readonly "resources.requests.cpu": string | undefined;
  readonly "resources.requests.memory": string | undefined;
  readonly "resources.limits.cpu": string | undefined;
  readonly "resources.limits.memory": string | undefined;
  readonly ttlSecondsAfterFinished: number;
  readonly retainJobs: boolean;
}

export type DnsPolicy = "ClusterFirst" | "Default" | "None";

/** Who may start, for how long, and what the command is told. */
export interface RunSettings {
  readonly guardScope: "agent" | "task";
  readonly busyWaitSec: number;
  readonly reattachOrphanedJobs: boolean;
  readonly unschedulableWaitSec: number;
  readonly imagePullGraceSec: number;
  readonly startTimeoutSec: number;
  readonly timeoutSec: number;
  readonly graceSec: number;
  readonly idleSec: number;
  readonly idleAction: "warn" | "stop";
  readonly afterResultSec: number;
  readonly terminationGraceSec: number;
  readonly model: string | undefined;
  readonly effort: string | undefined;
  readonly maxTurnsPerRun: number;
  readonly dangerouslySkipPermissions: boolean;
  readonly extraArgs: readonly string[];
  readonly promptTemplate: string | undefined;
  readonly bootstrapPromptTemplate: string | undefined;
  readonly instructionsFilePath: string | undefined;
  readonly paperclipUrl: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** The agent's settings, read and checked. */
export interface Settings
  extends ClusterSettings, InheritSettings, RunSettings, WorkspaceSettings {}

/** One setting: how it is read, what it is when absent, and how the host's form shows it. */
export interface Field<T> {
  /** Finishes the sentence "`key` must be …". */
  readonly expected: string;
  /** Answers `undefined` for a value that is not what was expected. */
  readonly read: (value: unknown) => T | undefined;
  readonly absent: T;
  readonly hint: string;
  /** Other keys it may come under; the first that is present counts. */
  readonly aliases?: readonly string[];
  /** How the form shows it; absent when the host's own form has it already. */
  readonly form?: FormEntry;
}

export interface FormEntry {
  readonly label: string;
  readonly type: "text" | "select" | "toggle" | "number" | "textarea";
  /** What a new agent starts with. Numbers and selects always have one: the form stores 0 or the first option otherwise. */
  readonly default?: string | number | boolean;
  readonly options?: readonly string[];
}

export type FieldsOf<S> = { readonly [K in keyof S]: Field<S[K]> };
