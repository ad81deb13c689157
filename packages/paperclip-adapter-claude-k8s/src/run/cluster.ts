import type { JobControl, JobPolicy, JobWatcher } from "@claude-k8s/job-watch";
import type { LogSource } from "@claude-k8s/log-stream";
import type { JobStore } from "@claude-k8s/orphan-guard";
import type { Supervision } from "../cluster/supervision.ts";
import type { SeenEvent } from "./history.ts";

/** A cluster as one run sees it. Two bindings: over `KubeHttp`, and over client-node-shaped objects. */
export interface Cluster {
  /** For the first question of a run: answers or fails within seconds, so that bad settings are known at once. */
  readonly admission: JobStore;
  readonly jobs: JobStore;
  readonly control: JobControl;
  readonly logs: LogSource;
  /** True where a note of how far the output was read is of use to a later run. */
  readonly keepsPositions: boolean;
  /** How often such a note is made. Absent: every five minutes. */
  readonly noteEveryMs?: number | undefined;
  /** Tells processes apart that follow Jobs; absent where the binding cannot. Begins with the first run. */
  readonly supervision?: () => Promise<Supervision>;
  /** What Kubernetes noted about objects of these names, the latest last. Absent where it cannot be asked. */
  readonly events?: (
    subjects: { readonly namespace: string; readonly names: readonly string[] },
    signal: AbortSignal,
  ) => Promise<readonly SeenEvent[]>;
  watcher(policy: JobPolicy): JobWatcher;
  /** Gives back what the run had; the last run closes what it shared. */
  close(): Promise<void>;
}
