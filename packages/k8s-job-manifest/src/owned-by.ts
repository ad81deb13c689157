import type { OwnerReference } from "./manifest-types.ts";

/**
 * The owner reference that makes an object go with a Job. Without `blockOwnerDeletion`, which would need
 * the right to update finalizers of Jobs where the API server checks it.
 */
export function ownedBy(job: { readonly name: string; readonly uid: string }): OwnerReference {
  return { apiVersion: "batch/v1", kind: "Job", name: job.name, uid: job.uid };
}
