export { admit, type AdmitOptions } from "./admit.ts";
export { apiJobStore, type BatchApiLike, type CoreApiLike } from "./api-job-store.ts";
export { createRun } from "./create-run.ts";
export { decide } from "./decide.ts";
export { OrphanGuardError, type OrphanGuardErrorCode } from "./errors.ts";
export { exclusively } from "./exclusively.ts";
export { type JobLike, isUnfinished, knownJob } from "./known-job.ts";
export { kubeJobStore, type KubeHttpLike } from "./kube-job-store.ts";
export { annotations, labels } from "./marks.ts";
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
