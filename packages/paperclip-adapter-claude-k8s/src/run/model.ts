import type { EnvVar, ProgramFile, RunMount } from "@claude-k8s/k8s-job-manifest";
import type { ContainerExit, JobEnd } from "@claude-k8s/job-watch";
import type { BlockReason } from "@claude-k8s/orphan-guard";
import type { StopReason } from "../cancel/stop-reason.ts";
import type { Settings } from "../settings/types.ts";
import type { RepositoryClone } from "../workspace/clone.ts";
import type { RunHistory } from "./history.ts";
import type { TranscriptEnd } from "./transcript.ts";

/** One run, as the host asks for it, in our words. */
export interface RunRequest {
  readonly runId: string;
  readonly agent: { readonly id: string; readonly name: string; readonly companyId: string };
  readonly taskId: string | undefined;
  /** The stored session, whatever it looks like: what Jobs are labelled and matched with. */
  readonly sessionId: string | undefined;
  /** The run that the host repeats with this one. */
  readonly retryOfRunId: string | undefined;
  /** Somebody said something that only this run's prompt has: a comment, an approval, an answer. */
  readonly bringsWords: boolean;
  readonly namespace: string;
  /** Namespaces in which earlier runs of the agent may still have Jobs, for its settings were changed. */
  readonly otherNamespaces: readonly string[];
  readonly settings: Settings;
  /** Collects what the program is given. Asked for once it is clear that a Job will be created. */
  readonly inputs: () => Promise<RunInputs>;
  /** Told right before the Job is created. */
  readonly onCreate: () => Promise<void>;
  /** Told once the Job is there: nothing waits for a host that takes its time before that. */
  readonly onCreated: (jobName: string, inputs: RunInputs) => Promise<void>;
}

/** What the program is given. */
export interface RunInputs {
  /** The session that `claude` is told to go on with; absent for a new one. */
  readonly resume?: string;
  readonly image: string;
  readonly prompt: string;
  /** Sizes of the prompt's parts, for the host. */
  readonly promptMetrics: Readonly<Record<string, number>>;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secretEnv: Readonly<Record<string, string>>;
  /** Where the program works. */
  readonly workspace: Workspace;
  /** Folders of the run's claim that the program sees besides its home and workspace; none without a claim. */
  readonly claimFolders: readonly RunMount[];
  /** Absolute path in the pod → content. */
  readonly files: Readonly<Record<string, ProgramFile>>;
  /** Absolute paths in the pod without which the program must not start. */
  readonly needs: readonly string[];
  /** Key of the bundle among `claimFolders`, which nobody may remove while the Job is there. */
  readonly keptBundle?: string;
  /** Values that the kubelet fills in. */
  readonly envReferences: readonly EnvVar[];
  /** A word of this attempt: names that come again would meet what an earlier one left. */
  readonly attempt: string;
}

/** The folder that the program works in. */
export interface Workspace {
  /** Absolute, in the pod. */
  readonly path: string;
  /** Folder of the run's claim that it is. Absent: one of the guard key's own, or an empty one without a claim. */
  readonly subPath?: string;
  /** What is cloned into it before the program starts. */
  readonly clone?: RepositoryClone;
}

/** The Job a run has. */
export interface JobHandle {
  readonly namespace: string;
  readonly name: string;
  /** Absent only where the cluster's answers do not say it. */
  readonly uid?: string;
  /** Followed by an earlier run, which ended without it. */
  readonly reattached: boolean;
  /** Of an adopted one: the runs that had it before, oldest first. */
  readonly earlierRunIds?: readonly string[];
  /** Of an adopted one: one of those is the run that this one repeats. */
  readonly isRepeated?: boolean;
  /** Where the host's copy of the output stopped, as text; absent when it begins with this run. */
  readonly position?: string;
  /**
   * Made by an earlier adapter of this type, whose pods have the server's own home. Its prompt may be in this
   * Secret, with the Job as its owner or without.
   */
  readonly ofEarlierAdapter?: { readonly promptSecret: string };
  /** Secrets that will not go with the Job. */
  readonly unownedSecrets?: readonly string[];
}

/** How far a run got when something went wrong that is no outcome of a healthy cluster. */
export type Stage = "settings" | "guard" | "build" | "create" | "follow";

/** How a run ended: one of these, always. */
export type RunEnd =
  /** `left`: what an attempt made and could not remove; whether it ran is not known. */
  | {
      readonly kind: "fault";
      readonly stage: Stage;
      readonly error: unknown;
      readonly left?: readonly string[];
    }
  | {
      readonly kind: "blocked";
      readonly reason: BlockReason;
      readonly jobs: readonly string[];
      /** Where the first of them is. */
      readonly namespace?: string;
    }
  /** The Job that was to be adopted has no pod. */
  | { readonly kind: "no-pod"; readonly job: string }
  | {
      readonly kind: "stopped";
      readonly reason: StopReason;
      readonly outcome: StopOutcome | undefined;
      readonly exit: ContainerExit | undefined;
    }
  | { readonly kind: "ended"; readonly end: JobEnd; readonly logEnd: LogEnd };

/** What became of a Job that was to be stopped. */
export type StopOutcome =
  /** Verified: the Job is gone, and with a foreground deletion so are its pods. */
  | { readonly kind: "gone"; readonly forced: boolean }
  /** Asked for, and not verified in time. */
  | { readonly kind: "left"; readonly what: string };

/** How sure it is that the output is whole. */
export type LogEnd = "verified" | "unverified" | "none";

/** Everything a run's result is made from. */
export interface RunEvidence {
  readonly end: RunEnd;
  readonly job: JobHandle | undefined;
  readonly pod: string | undefined;
  /** False only where the program certainly never ran. */
  readonly mayHaveStarted: boolean;
  /** The beginning of the output was not read: usage and cost are too small. */
  readonly isPartial?: boolean;
  /** The session's files outlive the pod. */
  readonly sessionKept: boolean;
  readonly transcript: TranscriptEnd;
  readonly history: RunHistory;
  /** What the program was given; absent when its Job was made by an earlier run, or not at all. */
  readonly given?: RunInputs;
}
