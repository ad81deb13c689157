import type { Clock } from "@claude-k8s/kube-http";

type Timer = { readonly at: number; readonly nth: number; readonly run: () => void };

/** Time that passes when it is told to. */
export interface VirtualClock extends Clock {
  /** Lets time pass, timer by timer, until `isDone`, `untilMs`, or nothing is left to wait for. */
  pass(untilMs: number, isDone: () => boolean): Promise<void>;
}

export function virtualClock(): VirtualClock {
  let now = 0;
  let made = 0;
  const timers = new Set<Timer>();
  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const one of timers)
      if (first === undefined || one.at < first.at || (one.at === first.at && one.nth < first.nth))
        first = one;
    return first;
  };
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), nth: made++, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async pass(untilMs, isDone) {
      for (;;) {
        await settled();
        const next = earliest();
        if (isDone() || next === undefined || next.at > untilMs) return;
        timers.delete(next);
        now = next.at;
        next.run();
      }
    },
  };
}

/** All promises that can settle without a timer have. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
