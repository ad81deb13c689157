import type { ContainerRun } from "./container-run.ts";
import type { Pod } from "./kube-object.ts";
import type { ContainerLog } from "./container-log.ts";
import type { ContainerFacts } from "./pod-status.ts";

/** One container and what came of it. */
export interface ContainerRecord extends ContainerFacts {
  run?: ContainerRun;
  log?: ContainerLog;
  previousLog?: ContainerLog;
}

/** What a runner needs of its pod. */
export interface PodContext {
  readonly pod: () => Pod;
  readonly report: () => Promise<void>;
  /** Aborts when the pod is to go. */
  readonly stopping: AbortSignal;
}
