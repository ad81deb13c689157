import { isDenied, messageOf } from "./faults.ts";
import type { JobRun } from "./job-run.ts";
import type { RunEnd } from "./model.ts";
import { withLimit } from "./stop.ts";

const limitMs = 15_000;

/**
 * Deletes the Job of a run that is known to have ended; its pod and Secrets go with it. What nobody knows
 * the end of is left: the next run of its guard key follows it. Ends when the deletion was accepted, and
 * never throws: a result that is known is not lost for a Job that stayed.
 */
export async function cleanUp(run: JobRun, end: RunEnd): Promise<void> {
  const { job, cluster, sink, settings } = run;
  if (!hasEnded(end)) return;
  if (settings.retainJobs) return sink.note(`the Job ${job.name} is kept (retainJobs)`);
  try {
    await withLimit(limitMs, async (signal) => {
      await cluster.jobs.deleteJob(job, signal);
      for (const name of job.unownedSecrets ?? [])
        await cluster.jobs.deleteSecret({ namespace: job.namespace, name }, signal);
    });
  } catch (error) {
    await sink.note(`the Job ${job.name} was left behind: ${messageOf(error)}`);
  }
}

/** A stopped run has seen to its Job already. */
function hasEnded(end: RunEnd): boolean {
  if (end.kind === "ended") return true;
  // Without the right to read its output, nobody would ever know more.
  return end.kind === "fault" && isDenied(end.error);
}
