export { apiJobControl, apiJobReader } from "./api-binding.ts";
export type { BatchApiLike, JobReadApiLike, PodListApiLike } from "./api-binding.ts";
export { describeEnd, describeExit } from "./describe.ts";
export { JobWatchError } from "./errors.ts";
export type { JobWatchErrorCode } from "./errors.ts";
export { createJobHub } from "./hub.ts";
export type { JobHub, JobHubOptions } from "./hub.ts";
export { judge } from "./judge.ts";
export { kubeJobControl, kubeJobReader } from "./kube-binding.ts";
export type { JobLevel, JobWarning } from "./level.ts";
export { createJobPoller } from "./poller.ts";
export type { JobPollerOptions } from "./poller.ts";
export type { JobControl, JobReader, StopOptions, StopOutcome } from "./ports.ts";
export type { Condition, ContainerSnapshot, JobSnapshot, PodSnapshot } from "./snapshot-types.ts";
export { stopJob } from "./stop-job.ts";
export type {
  ContainerExit,
  ContainerStanding,
  ContainerState,
  Evidence,
  GracePolicy,
  JobEnd,
  JobEvent,
  JobPolicy,
  JobRef,
  JobWatcher,
  LostWhy,
  NotStartedWhy,
  RunPhase,
  StartPolicy,
  WatcherOptions,
  WatchOptions,
} from "./types.ts";
