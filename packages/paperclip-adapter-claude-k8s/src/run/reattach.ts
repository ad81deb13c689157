import type { KnownJob } from "@claude-k8s/orphan-guard";
import { annotations, labels } from "@claude-k8s/orphan-guard";
import { labelValue } from "@claude-k8s/k8s-job-manifest";
import { ownAnnotations } from "../cluster/marks.ts";
import type { Cluster } from "./cluster.ts";
import type { JobHandle, RunRequest } from "./model.ts";

/**
 * Takes over a Job that an earlier server process left behind: from now on it says that it is of this run.
 *
 * The write names the version that was read, so of two runs that want the Job one gets it; the other hears
 * `undefined` and has to ask the guard again.
 */
export async function reattach(
  job: KnownJob,
  request: RunRequest,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<JobHandle | undefined> {
  const { runId } = request;
  const version = job.resourceVersion;
  const patch = {
    metadata: {
      ...(version === undefined ? {} : { resourceVersion: version }),
      labels: { [labels.runId]: labelValue(runId) },
      annotations: { [annotations.runId]: runId },
    },
  };
  const answer = await cluster.jobs.patchJob(job, patch, signal);
  if (answer.kind !== "patched") return undefined;
  const position = job.annotations[ownAnnotations.logPosition];
  return {
    namespace: job.namespace,
    name: job.name,
    ...(job.uid === undefined ? {} : { uid: job.uid }),
    reattached: true,
    ...(position === undefined ? {} : { position }),
  };
}
