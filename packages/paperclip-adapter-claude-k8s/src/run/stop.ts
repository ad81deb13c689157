import { textOf } from "../untyped.ts";
import { stopJob } from "@claude-k8s/job-watch";
import { realClock, sleep } from "@claude-k8s/kube-http";
import type { StopReason } from "../cancel/stop-reason.ts";
import type { JobRun } from "./job-run.ts";
import type { StopOutcome } from "./model.ts";
import { positionMarks } from "./note-position.ts";
import { deleteUnowned } from "./unowned-secrets.ts";
import { withLimit } from "./with-limit.ts";

/** The host waits 60 s for a stop; by then it must have an answer, if only "not verified". */
const stopLimitMs = 50_000;

/** What the kubelet and the garbage collector need beside the program's own grace. */
const escalationMs = 30_000;

/** How long the last output may take to come in after the Job was stopped. */
const lastOutputMs = 1_500;

/** How long a leaving process tries to write down where it stopped. */
const noteLimitMs = 1_400;

/** How long the host may take for the lines it was given last. */
const handingMs = 400;

/**
 * Does to the Job what the reason asks for: `cancelled` stops it and verifies that it is gone, a limit that
 * passed asks for its deletion, and the others leave it for the next run, with a note of how far the host's
 * copy of its output goes; one that another run has by now is left as it is.
 */
export async function stop(
  reason: StopReason,
  run: JobRun,
  followed: Promise<unknown>,
): Promise<StopOutcome | undefined> {
  const { job, hold, sink, seen } = run;
  switch (reason.kind) {
    case "cancelled":
      await sink.progress("finalize", "Stopping the Job");
      return withLimit(stopLimitMs, async (signal) => {
        const outcome = await stopVerified(run, signal);
        const secrets = await attempt(deleteUnowned(run, signal));
        await lastOutput(followed, signal);
        return secrets === undefined ? outcome : { kind: "left", what: secrets };
      });
    case "deadline":
    case "after-result":
      await toldOfLimit(reason, run);
      return withLimit(stopLimitMs, async (signal) => {
        const asked = await attempt(removed(run, signal));
        const secrets = await attempt(deleteUnowned(run, signal));
        await lastOutput(followed, signal);
        const what = asked === undefined ? secrets : `the Job ${job.name} (${asked})`;
        return what === undefined ? undefined : { kind: "left", what };
      });
    case "lease-lost":
    case "host-shutdown":
      await handedOver(run);
      await withLimit(noteLimitMs, (signal) =>
        // Best effort: without it the next run shows again what the host got since the last note.
        attempt(hold.letGo({ annotations: positionMarks(run) }, signal)),
      );
      return undefined;
    case "taken-over":
      seen.isDetached = true;
      return undefined;
    default:
      return reason satisfies never;
  }
}

async function stopVerified(
  { job, hold, cluster, settings }: JobRun,
  signal: AbortSignal,
): Promise<StopOutcome> {
  try {
    const graceMs = settings.terminationGraceSec * 1_000 + escalationMs;
    const answer = await stopJob({
      jobs: cluster.control,
      job,
      graceMs,
      ...(hold.expected === undefined ? {} : { expected: hold.expected }),
      signal,
    });
    return answer.kind === "lost"
      ? { kind: "left", what: `the Job ${job.name} is another run's now` }
      : answer;
  } catch (error) {
    const why = signal.aborted ? "no answer in time" : textOf(error);
    return { kind: "left", what: `the Job ${job.name} (${why})` };
  }
}

async function toldOfLimit(
  reason: Extract<StopReason, { kind: "deadline" | "after-result" }>,
  { job, sink }: JobRun,
): Promise<void> {
  const limit = reason.kind === "deadline" ? reason.limit : reason.kind;
  const text = `The limit (${limit}) of ${reason.limitMs / 1_000} s passed; stopping the Job`;
  await sink.progress("finalize", text);
  await sink.event("claude_k8s.limit", text, {
    limit,
    seconds: reason.limitMs / 1_000,
    job: job.name,
  });
}

/** From now on the host gets nothing of this run, so that what is written down next stays true. */
async function handedOver({ cluster, seen }: JobRun): Promise<void> {
  seen.isDetached = true;
  if (!cluster.keepsPositions) return;
  const late = Promise.withResolvers<void>();
  const disarm = realClock.after(handingMs, late.resolve);
  await Promise.race([seen.handing, late.promise]);
  disarm();
}

/** @throws when it is not deleted for a reason that is none of the API server's */
async function removed({ hold }: JobRun, signal: AbortSignal): Promise<void> {
  const answer = await hold.remove(signal);
  if (answer.kind === "paused") throw new Error(answer.why);
  if (answer.kind === "lost") throw new Error("it is another run's now");
}

async function lastOutput(followed: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const enough = sleep(realClock, lastOutputMs, signal);
  await Promise.allSettled([Promise.race([followed, enough])]);
}

/** What went wrong, in words; `undefined` when nothing did. */
async function attempt(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}
