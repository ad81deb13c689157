export { apiJobControl, apiJobReader } from "./api-binding.ts";
export type { BatchApiLike, JobReadApiLike, PodListApiLike } from "./api-binding.ts";
export { describeEnd, describeExit } from "./describe.ts";
export { JobWatchError } from "./errors.ts";
export type { JobWatchErrorCode } from "./errors.ts";
export { createJobHub } from "./hub.ts";
export type { JobHub, JobHubOptions } from "./hub.ts";
export { judge } from "./judge.ts";
export { kubeJobReader } from "./kube-binding.ts";
export { kubeJobControl } from "./kube-control.ts";
export type { RawJob, RawPod } from "./kube-objects.ts";
export type { JobLevel, JobWarning, PodNews } from "./level.ts";
export { phaseTimes } from "./phase-times.ts";
export { createJobPoller } from "./poller.ts";
export type { JobPollerOptions } from "./poller.ts";
export type { EventSubject, JobControl, JobReader, StopOptions, StopOutcome } from "./ports.ts";
export type {
  Condition,
  ContainerSnapshot,
  EventSnapshot,
  JobSnapshot,
  NodeSnapshot,
  PodSnapshot,
} from "./snapshot-types.ts";
export { standingOfJob } from "./standing-of-job.ts";
export type { JobStanding } from "./standing-of-job.ts";
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
