import { annotations, type JobMarks, type KnownJob, labels } from "@claude-k8s/orphan-guard";
import { labelValue } from "@claude-k8s/k8s-job-manifest";
import { earlierPromptSecret, isOfEarlierAdapter } from "../cluster/earlier-adapter.ts";
import { ownAnnotations } from "../cluster/marks.ts";
import type { Cluster } from "./cluster.ts";
import type { JobHandle, RunRequest } from "./model.ts";

/** The ids of so many earlier runs stay on a Job. */
const keptIds = 20;

/** What says on a Job that it is of another run from now on, and whose it was before. */
export function adoptionMarks(
  job: KnownJob,
  runId: string,
): { readonly [part in keyof Required<JobMarks>]: Record<string, string> } {
  const earlier = [...earlierRuns(job), ownRun(job)].filter((id) => id !== undefined);
  return {
    labels: { [labels.runId]: labelValue(runId) },
    annotations: {
      [annotations.runId]: runId,
      [ownAnnotations.earlierRunIds]: JSON.stringify(earlier.slice(-keptIds)),
    },
  };
}

/**
 * Takes over a Job that an earlier server process left behind, where no supervisor does.
 *
 * The write names the version that was read, so of two runs that want the Job one gets it; the other hears
 * `undefined` and has to ask the guard again.
 */
export async function reattach(
  job: KnownJob,
  { runId }: RunRequest,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<KnownJob | undefined> {
  const version = job.resourceVersion;
  const marks = adoptionMarks(job, runId);
  const metadata = { ...(version === undefined ? {} : { resourceVersion: version }), ...marks };
  const answer = await cluster.jobs.patchJob(job, { metadata }, signal);
  // An answer may have no body; what was written is known.
  return answer.kind === "patched"
    ? { ...job, annotations: { ...job.annotations, ...marks.annotations } }
    : undefined;
}

/** The handle of a Job that was adopted, as its annotations tell of it. */
export function adoptedJob(job: KnownJob, { retryOfRunId }: RunRequest): JobHandle {
  const position = job.annotations[ownAnnotations.logPosition];
  const earlier = earlierRuns(job);
  return {
    namespace: job.namespace,
    name: job.name,
    ...(job.uid === undefined ? {} : { uid: job.uid }),
    reattached: true,
    earlierRunIds: earlier,
    isRepeated: retryOfRunId !== undefined && earlier.includes(retryOfRunId),
    ...(position === undefined ? {} : { position }),
    ...(isOfEarlierAdapter(job)
      ? { ofEarlierAdapter: { promptSecret: earlierPromptSecret(job) } }
      : {}),
  };
}

function ownRun(job: KnownJob): string | undefined {
  return job.annotations[annotations.runId] ?? job.labels[labels.runId];
}

/** Oldest first. What cannot be read says nothing. */
function earlierRuns(job: KnownJob): readonly string[] {
  try {
    const ids: unknown = JSON.parse(job.annotations[ownAnnotations.earlierRunIds] ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
