import type { Clock } from "@claude-k8s/kube-http";

/** Time that stands still while anything happens, and then jumps to the next timer. */
export function jumpingClock(): Clock & { pending(): number } {
  let now = 0;
  let armed = false;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const jump = (): void => {
    armed = false;
    const next = [...timers].reduce<{ at: number; run: () => void } | undefined>(
      (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
      undefined,
    );
    if (next === undefined) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.run();
    arm();
  };
  const arm = (): void => {
    if (armed || timers.size === 0) return;
    armed = true;
    setImmediate(jump);
  };
  return {
    now: () => now,
    pending: () => timers.size,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      arm();
      return () => void timers.delete(timer);
    },
  };
}
