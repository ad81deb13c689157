import { annotations, lossText, type SupervisedWrite } from "@claude-k8s/orphan-guard";
import { isDenied, messageOf } from "./faults.ts";
import type { JobRun } from "./job-run.ts";
import type { RunEnd } from "./model.ts";
import { positionMarks } from "./note-position.ts";
import { deleteUnowned } from "./unowned-secrets.ts";
import { withLimit } from "./with-limit.ts";

const limitMs = 15_000;
const letGoMs = 1_500;

/**
 * Deletes the Job of a run that is known to have ended; its pod and Secrets go with it. A Job that is kept says
 * that its result was collected. What nobody knows the end of is left: the next run of its guard key follows it.
 * Ends when the deletion was accepted, and never throws: a result that is known is not lost for a Job that stayed.
 * @returns how the run ended: its end, unless somebody else turns out to follow the Job, whose result it is then
 */
export async function cleanUp(run: JobRun, end: RunEnd): Promise<RunEnd> {
  const { job, sink, hold, settings } = run;
  if (end.kind === "stopped") return end; // It has seen to its Job already.
  run.seen.history.step("clean_up");
  const isOver = end.kind === "ended" || (end.kind === "fault" && isBlind(run, end.error));
  if (!isOver) {
    if (end.kind === "fault") await sink.note(`the Job ${job.name} is left: it may go on`);
    await attempt(run, letGoMs, (signal) =>
      hold.letGo({ annotations: positionMarks(run) }, signal),
    );
    return end;
  }
  if (settings.retainJobs) {
    await sink.note(`the Job ${job.name} is kept (retainJobs)`);
    const collected = { [annotations.collectedAt]: new Date().toISOString() };
    const answer = await attempt(run, limitMs, (signal) =>
      hold.letGo({ annotations: collected }, signal),
    );
    return answer?.kind === "lost" ? takenOver(answer) : end;
  }
  const answer = await attempt(run, limitMs, async (signal) => {
    const removed = await hold.remove(signal);
    if (removed.kind !== "lost") await deleteUnowned(run, signal);
    return removed;
  });
  if (answer?.kind === "lost") return takenOver(answer);
  if (answer?.kind === "paused")
    await sink.note(`the Job ${job.name} was left behind: ${answer.why}`);
  return end;
}

async function attempt(
  { job, sink }: JobRun,
  ms: number,
  write: (signal: AbortSignal) => Promise<SupervisedWrite>,
): Promise<SupervisedWrite | undefined> {
  try {
    return await withLimit(ms, write);
  } catch (error) {
    await sink.note(`the Job ${job.name} was left behind: ${messageOf(error)}`);
    return undefined;
  }
}

function takenOver(loss: Extract<SupervisedWrite, { kind: "lost" }>): RunEnd {
  const why = lossText(loss);
  return {
    kind: "stopped",
    reason: { kind: "taken-over", why },
    outcome: undefined,
    exit: undefined,
  };
}

/**
 * Without the right to follow it from the beginning, nobody would ever know more of this Job. One that was
 * followed before is at work, and the right may come back.
 */
function isBlind({ job, seen }: JobRun, error: unknown): boolean {
  const isAtWork = seen.hasOutput && seen.exit === undefined;
  return isDenied(error) && !job.reattached && !isAtWork;
}
