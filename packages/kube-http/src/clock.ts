/** Time as an input, so that tests drive it. */
export interface Clock {
  /** Milliseconds of a monotonic clock with an arbitrary start. */
  now(): number;
  /** Calls `run` once after `ms`, unless the returned function was called before. */
  after(ms: number, run: () => void): () => void;
}

/** The globals are looked up at each call, so that fake timers installed later are honoured. */
export const realClock: Clock = {
  now: () => globalThis.performance.now(),
  after: (ms, run) => {
    const timer = globalThis.setTimeout(run, ms);
    return () => globalThis.clearTimeout(timer);
  },
};

/**
 * Resolves after `ms`. Leaves neither timer nor listener behind.
 * @throws the reason of `signal`, at once, when it aborts
 */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
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
 * Settles as `work` does, or throws the reason of `signal` first, at once. `work` is not stopped; what
 * comes of it then is ignored.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const settled = (): void => signal.removeEventListener("abort", onAbort);
    work.then(resolve, reject).then(settled, settled);
    if (signal.aborted) onAbort();
  });
}
