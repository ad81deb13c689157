import type { GuardClock } from "../../src/index.ts";

export type ManualClock = GuardClock & {
  /** Lets `ms` pass, timer by timer; what each brings about is done before the next. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps: the monotonic clock stands still, and no timer runs. */
  suspend(ms: number): void;
  /** Time passes and no timer runs, as for a process that is stopped. */
  freeze(ms: number): void;
};

export function manualClock(): ManualClock {
  let monotonic = 0;
  let wall = 1_000_000;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => monotonic,
    wall: () => wall,
    after(ms, run) {
      const timer = { at: monotonic + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async pass(ms) {
      const end = monotonic + ms;
      await idle();
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((one) => one !== next);
        const step = Math.max(0, next.at - monotonic);
        monotonic += step;
        wall += step;
        next.run();
        await idle();
      }
      wall += Math.max(0, end - monotonic);
      monotonic = Math.max(end, monotonic);
    },
    suspend(ms) {
      wall += ms;
    },
    freeze(ms) {
      wall += ms;
      monotonic += ms;
    },
  };
}

function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
