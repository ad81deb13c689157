export { admit, type AdmitOptions, type AdmitWait } from "./admit.ts";
export { apiJobStore, type BatchApiLike, type CoreApiLike } from "./api-job-store.ts";
export type { GuardClock } from "./clock.ts";
export { createRun } from "./create-run.ts";
export {
  createWhenFree,
  type CreateWhenFreeOptions,
  type CreationWhenFree,
} from "./create-when-free.ts";
export { decide, isUnread } from "./decide.ts";
export { OrphanGuardError, type OrphanGuardErrorCode } from "./errors.ts";
export { exclusively } from "./exclusively.ts";
export type { GuardedAnswer, JobMarks } from "./guarded-write.ts";
export { barelyLabel, isUnmarked } from "./job-ids.ts";
export { type JobLike, isUnfinished, knownJob } from "./known-job.ts";
export { kubeJobStore, type KubeHttpLike } from "./kube-job-store.ts";
export { kubeLeaseStore } from "./kube-lease-store.ts";
export type { CreatedLease, KnownLease, LeaseStore, RenewedLease } from "./lease-store.ts";
export { lossText } from "./loss.ts";
export { annotations, labels } from "./marks.ts";
export { observeSupervision, type SupervisionObserver } from "./observe-supervision.ts";
export { epochOf, type Supervised, supervisorOf } from "./supervision.ts";
export { startSupervisor } from "./supervisor.ts";
export type { SupervisedWrite, Supervisor, SupervisorOptions } from "./supervisor-types.ts";
export { sweep, type SweepOptions, type SweepReport, type SweptItem } from "./sweep.ts";
export { planSweep, type SweepPolicy, type SweepReason, type SweepStep } from "./sweep-plan.ts";
export type {
  Admission,
  BlockReason,
  Claim,
  CreatedJob,
  CreatedSecret,
  CreateRunOptions,
  Deleted,
  JobManifestLike,
  JobQuery,
  JobRef,
  JobStore,
  KnownJob,
  Manifest,
  MergePatch,
  PatchedJob,
  PatchedSecret,
  RunCreation,
  SecretRef,
} from "./types.ts";
