import { fault, statusOf } from "./api-fault.ts";
import type { RawJob, RawList, RawPod } from "./kube-objects.ts";
import { listItems } from "./list-items.ts";
import type { JobControl, JobReader } from "./ports.ts";
import { preconditionsOf } from "./preconditions.ts";
import { podSnapshot, jobSnapshot } from "./snapshot.ts";
import type { JobSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

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

/**
 * Reads through objects shaped like `@kubernetes/client-node`'s (1.x and 2.x: one argument, answers
 * without a wrapper). An answer without a body is an answer that says nothing.
 */
export function apiJobReader(apis: {
  readonly batch: JobReadApiLike;
  readonly core: PodListApiLike;
}): JobReader {
  return {
    readJob: (job) => readJob(apis.batch, job),
    async listPods({ namespace, name }) {
      const what = `list pods in namespace "${namespace}"`;
      // `job-name` is set by every version; its newer twin only since 1.27.
      const request = { namespace, labelSelector: `job-name=${name}` };
      const list = await apis.core.listNamespacedPod(request).catch((error: unknown) => {
        throw fault(error, what);
      });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API's own shape
      return listItems(list as RawList<RawPod> | undefined, what).map(podSnapshot);
    },
  };
}

/** Writes through an object shaped like client-node's `BatchV1Api`, for `stopJob`. */
export function apiJobControl(batch: BatchApiLike): JobControl {
  return {
    readJob: (job) => readJob(batch, job),
    async annotate({ namespace, name }, { annotations, resourceVersion }) {
      const body = jsonPatch(annotations, resourceVersion);
      try {
        await batch.patchNamespacedJob({ namespace, name, body });
        return "written";
      } catch (error) {
        if (statusOf(error) === 404) return "gone";
        if (statusOf(error) === 409 || statusOf(error) === 422) return "conflict";
        throw fault(error, `patch jobs (batch) "${name}" in namespace "${namespace}"`);
      }
    },
    async deleteJob({ namespace, name, uid, resourceVersion }) {
      const preconditions = preconditionsOf({ uid, resourceVersion });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- V1DeleteOptions, which is not imported
      const body = { propagationPolicy: "Foreground", ...preconditions } as never;
      try {
        await batch.deleteNamespacedJob({ namespace, name, body });
        return "accepted";
      } catch (error) {
        if (statusOf(error) === 404) return "gone";
        if (statusOf(error) === 409) return "another";
        throw fault(error, `delete jobs (batch) "${name}" in namespace "${namespace}"`);
      }
    },
  };
}

async function readJob(
  batch: JobReadApiLike,
  { namespace, name }: JobRef,
): Promise<JobSnapshot | undefined> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API's own shape
    return jobSnapshot((await batch.readNamespacedJob({ namespace, name })) as RawJob | undefined);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw fault(error, `get jobs (batch) "${name}" in namespace "${namespace}"`);
  }
}

/** client-node sends a patch as JSON Patch unless told otherwise by middleware. */
function jsonPatch(
  annotations: Readonly<Record<string, string>>,
  resourceVersion: string | undefined,
): readonly unknown[] {
  const test =
    resourceVersion === undefined
      ? []
      : [{ op: "test", path: "/metadata/resourceVersion", value: resourceVersion }];
  const adds = Object.entries(annotations).map(([key, value]) => ({
    op: "add",
    path: `/metadata/annotations/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    value,
  }));
  return [...test, ...adds];
}
