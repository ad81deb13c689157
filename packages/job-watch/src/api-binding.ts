import type { JobControl, JobReader } from "./ports.ts";
type Named = { namespace: string; name: string };
/** The member of client-node's `BatchV1Api` that reading needs. */
export interface JobReadApiLike {
  readNamespacedJob(request: Named): Promise<unknown>;
}
/** The member of client-node's `CoreV1Api` that reading needs. */
export interface PodListApiLike {
  listNamespacedPod(request: { namespace: string; labelSelector: string }): Promise<unknown>;
}
/** The members of client-node's `BatchV1Api` that stopping needs. */
export interface BatchApiLike extends JobReadApiLike {
  patchNamespacedJob(request: Named & { body: unknown }): Promise<unknown>;
  deleteNamespacedJob(request: Named & { body?: never }): Promise<unknown>;
}
export declare function apiJobReader(apis: {
  readonly batch: JobReadApiLike;
  readonly core: PodListApiLike;
}): JobReader;
export declare function apiJobControl(batch: BatchApiLike): JobControl;
