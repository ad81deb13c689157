import type { Clock } from "@claude-k8s/kube-http";
import { changes } from "./changes.ts";
import { consider } from "./judge.ts";
import type { JobLevel } from "./level.ts";
import { observe, type Seen, unseen } from "./observe.ts";
import type { Policy } from "./policy.ts";
import type { JobEvent } from "./types.ts";

/** One watched run: facts go in, in any order; events come out, the end once and last. */
export interface WatchedRun {
  readonly level: JobLevel;
  readonly hasEnded: boolean;
  see(seen: Seen): void;
  /** The cluster cannot be asked; told to people at most every ten seconds. */
  blind(cause: string): void;
  sighted(): void;
  /** All that there is to see was read at this time of the clock, or later, and has been seen. */
  confirmed(at: number): void;
  /** Ends the iteration with this error. */
  fail(error: unknown): void;
  /** Stops timers; nothing is seen any more. */
  stop(): void;
  /** The next event, or `undefined` when there is none now. Throws what `fail` was given. */
  take(): JobEvent | undefined;
  /** Resolves when `take` is worth calling again. */
  wait(): Promise<void>;
}

const blindEveryMs = 10_000;

type RunOptions = {
  readonly clock: Clock;
  /** Hears of every level, then once of `undefined`: the run is over. */
  readonly told?: (level: JobLevel | undefined) => void;
  /**
   * A grace has passed. What was seen last may be old, so the cluster is to be read anew, and `confirmed`
   * called: time that passes in silence proves nothing.
   */
  readonly graceIsOver: () => void;
};

export function watchedRun(
  container: string,
  policy: Policy,
  { clock, told, graceIsOver }: RunOptions,
): WatchedRun {
  let level = unseen(container);
  let hasEnded = false;
  let stopped = false;
  let fault: { readonly error: unknown } | undefined;
  let blindness: { readonly since: number; toldAt: number } | undefined;
  let cancelLook: (() => void) | undefined;
  let wake: (() => void) | undefined;
  let confirmedAt = -Infinity;
  const events: JobEvent[] = [];

  const look = (): void => {
    cancelLook?.();
    const now = clock.now();
    const verdict = consider(level, policy, now);
    if (verdict.kind === "end" && (verdict.graceOverMs ?? -Infinity) > confirmedAt) graceIsOver();
    else if (verdict.kind === "end") {
      hasEnded = true;
      told?.(undefined);
      events.push({ type: "end", end: verdict.end });
      wake?.();
    } else if (
      verdict.kind === "wait" &&
      verdict.untilMs !== undefined &&
      Number.isFinite(verdict.untilMs)
    ) {
      // Longer than a timer can be: it looks again, and waits on.
      const inMs = Math.min(Math.max(1, verdict.untilMs - now), 2 ** 31 - 1);
      cancelLook = clock.after(inMs, look);
    }
  };

  return {
    get level() {
      return level;
    },
    get hasEnded() {
      return hasEnded;
    },
    see(seen) {
      if (hasEnded || stopped) return;
      const now = clock.now();
      const before = level;
      level = observe(before, seen, policy, now);
      if (level === before) return;
      events.push(...changes(before, level, policy, now));
      look();
      if (!hasEnded) told?.(level);
      wake?.();
    },
    blind(cause) {
      if (hasEnded || stopped) return;
      const now = clock.now();
      blindness ??= { since: now, toldAt: -Infinity };
      if (now - blindness.toldAt < blindEveryMs) return;
      blindness.toldAt = now;
      events.push({ type: "blind", cause, sinceMs: now - blindness.since });
      wake?.();
    },
    sighted() {
      blindness = undefined;
    },
    confirmed(at) {
      confirmedAt = at;
      if (!hasEnded && !stopped) look();
    },
    fail(error) {
      fault ??= { error };
      cancelLook?.();
      wake?.();
    },
    stop() {
      stopped = true;
      cancelLook?.();
      told?.(undefined);
      wake?.();
    },
    take() {
      const event = events.shift();
      if (event === undefined && fault !== undefined) throw fault.error;
      return event;
    },
    wait() {
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
}
