/** Time as an input, so that tests drive it. */
export interface GuardClock {
  /** Milliseconds of a monotonic clock with an arbitrary start. */
  now(): number;
  /** Milliseconds since the epoch. Only its distance from `now` is looked at: it runs on while a machine sleeps. */
  wall(): number;
  /** Calls `run` once after `ms`, unless the returned function was called before. */
  after(ms: number, run: () => void): () => void;
}

/** The globals are looked up at each call, so that fake timers reach them. */
export const realGuardClock: GuardClock = {
  now: () => globalThis.performance.now(),
  wall: () => Date.now(),
  after: (ms, run) => {
    const timer = globalThis.setTimeout(run, ms);
    return () => globalThis.clearTimeout(timer);
  },
};

/** The real time for work in the background: a timer of it keeps no process alive. */
export const backgroundClock: GuardClock = {
  ...realGuardClock,
  after: (ms, run) => {
    const timer = globalThis.setTimeout(run, ms);
    timer.unref();
    return () => globalThis.clearTimeout(timer);
  },
};

/** Resolves after `ms`. @throws the signal's reason, at once, when it aborts */
export function sleep(clock: GuardClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Runs `work` with a signal that aborts after `ms` of the clock, or with `outer`. Then it is no longer
 * waited for, whether it heeds its signal or not.
 */
export async function limited<T>(
  { clock, ms, outer }: { clock: GuardClock; ms: number; outer?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const limit = new AbortController();
  let stop = nothing;
  const stopped = new Promise<never>((_, reject) => {
    stop = (reason) => {
      limit.abort(reason);
      reject(reason);
    };
  });
  stopped.catch(nothing); // Lost the race: what `work` came to is told.
  const onOuter = (): void => stop(outer?.reason);
  outer?.addEventListener("abort", onOuter, { once: true });
  const cancel = clock.after(ms, () => stop(new Error(`no answer within ${ms} ms`)));
  try {
    return await Promise.race([work(limit.signal), stopped]);
  } finally {
    cancel();
    outer?.removeEventListener("abort", onOuter);
  }
}

function nothing(_reason?: unknown): void {}
