import { isDenied, messageOf } from "./faults.ts";
import type { JobRun } from "./job-run.ts";
import type { RunEnd } from "./model.ts";
import { withLimit } from "./stop.ts";
import { deleteUnowned } from "./unowned-secrets.ts";

const limitMs = 15_000;

/**
 * Deletes the Job of a run that is known to have ended; its pod and Secrets go with it. What nobody knows
 * the end of is left: the next run of its guard key follows it. Ends when the deletion was accepted, and
 * never throws: a result that is known is not lost for a Job that stayed.
 */
export async function cleanUp(run: JobRun, end: RunEnd): Promise<void> {
  const { job, cluster, sink, settings } = run;
  // A stopped run has seen to its Job already.
  if (end.kind !== "fault" && end.kind !== "ended") return;
  if (end.kind === "fault" && !isBlind(run, end.error))
    return sink.note(`the Job ${job.name} is left: it may go on`);
  if (settings.retainJobs) return sink.note(`the Job ${job.name} is kept (retainJobs)`);
  try {
    await withLimit(limitMs, async (signal) => {
      await cluster.jobs.deleteJob(job, signal);
      await deleteUnowned(run, signal);
    });
  } catch (error) {
    await sink.note(`the Job ${job.name} was left behind: ${messageOf(error)}`);
  }
}

/**
 * Without the right to follow it from the beginning, nobody would ever know more of this Job. One that was
 * followed before is at work, and the right may come back.
 */
function isBlind({ job, seen }: JobRun, error: unknown): boolean {
  const isAtWork = seen.hasOutput && seen.exit === undefined;
  return isDenied(error) && !job.reattached && !isAtWork;
}
