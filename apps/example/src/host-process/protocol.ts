import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";

/** How a host process is set up; the one argument of its program, as JSON. */
export interface HostProcessSetup {
  /** The text of a kubeconfig. */
  readonly kubeConfig: string;
  /** How soon a process that died counts as gone. Absent: the adapter's defaults. */
  readonly supervision?: SupervisionTimes;
}

/** Of the process's Lease and of its notes of how far the output goes, in ms. */
export interface SupervisionTimes {
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  readonly aliveMs: number;
  readonly noteEveryMs?: number;
}

/** One turn of an agent, as the host's process is asked for it: a line of JSON on stdin. */
export interface RunCommand {
  readonly runId: string;
  readonly agentId: string;
  readonly taskId: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a host's process tells of itself: lines of JSON on stdout, each written before it goes on. */
export type HostRecord =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly runId: string; readonly text: string }
  | { readonly type: "said"; readonly runId: string; readonly text: string }
  | { readonly type: "event"; readonly runId: string; readonly event: string }
  | { readonly type: "result"; readonly runId: string; readonly result: AdapterExecutionResult };
