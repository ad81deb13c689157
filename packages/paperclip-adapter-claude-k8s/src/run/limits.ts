import type { ClaudeEvent } from "@claude-k8s/claude-stream-parse";
import { type Clock, realClock } from "@claude-k8s/kube-http";
import type { StopReason } from "../cancel/stop-reason.ts";
import { idleLimit } from "./idle-limit.ts";
import type { JobRun } from "./job-run.ts";
import type { Onlooker } from "./onlooker.ts";

/** A program that has given its result and has nothing left to do exits within moments; its last hooks may take a while. */
const exitMs = 120_000;

/**
 * The limits of one run, each counted from its own moment: the start's from when the pod has a node, the
 * run's from when the program is seen running. One that passes ends the run, or says so.
 */
export function runLimits(
  run: JobRun,
  stopping: AbortController,
  clock: Clock = realClock,
): Onlooker {
  const { settings, seen } = run;
  const { timeoutSec, graceSec, startTimeoutSec } = settings;
  const pass = (reason: StopReason): void => stopping.abort(reason);
  const whole = timer(clock, (timeoutSec === 0 ? 0 : timeoutSec + graceSec) * 1_000, (limitMs) =>
    pass({ kind: "deadline", limit: "run", limitMs }),
  );
  const start = timer(clock, startTimeoutSec * 1_000, (limitMs) =>
    pass({ kind: "deadline", limit: "start", limitMs }),
  );
  const idle = idleLimit(run, pass, clock);
  const after = afterResult(settings.afterResultSec * 1_000, seen, { pass, clock });
  const disarm = (): void => {
    for (const limit of [whole, start, idle, after]) limit.disarm();
  };
  return {
    phase(phase) {
      if (phase === "pulling" || phase === "starting") start.arm();
      if (phase !== "running" && phase !== "ending") return;
      start.disarm();
      if (phase === "ending") return idle.disarm();
      whole.arm();
      idle.arm();
    },
    output(events) {
      idle.output();
      for (const event of events) after.see(event);
    },
    disarm,
  };
}

interface Timer {
  arm(): void;
  disarm(): void;
}

/** Fires once; a second `arm` changes nothing. 0: never. */
function timer(clock: Clock, ms: number, fire: (ms: number) => void): Timer {
  let isArmed = false;
  let disarm: (() => void) | undefined;
  return {
    arm() {
      if (ms === 0 || isArmed) return;
      isArmed = true;
      disarm = clock.after(ms, () => fire(ms));
    },
    disarm: () => disarm?.(),
  };
}

/**
 * A result ends a turn, not the program: work in the background keeps it, and brings further turns. How long,
 * counted from the last result, this decides; with no such work, it only waits for the exit.
 */
function afterResult(
  limitMs: number,
  seen: JobRun["seen"],
  { pass, clock }: { pass: (reason: StopReason) => void; clock: Clock },
): { see(event: ClaudeEvent): void; disarm(): void } {
  let cancel: (() => void) | undefined;
  const disarm = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const stop = (ms: number): void =>
    pass({ kind: "after-result", limitMs: ms, openTasks: seen.transcript.openBackgroundTasks() });
  const look = (): void => {
    const isOver = seen.transcript.openBackgroundTasks().length === 0 || limitMs <= exitMs;
    if (isOver) return stop(Math.min(exitMs, limitMs));
    cancel = clock.after(limitMs - exitMs, () => stop(limitMs));
  };
  return {
    see(event) {
      if (limitMs === 0) return;
      if (["init", "assistant", "user", "stream_event"].includes(event.type)) disarm();
      if (event.type !== "result") return;
      disarm();
      cancel = clock.after(Math.min(exitMs, limitMs), look);
    },
    disarm,
  };
}
