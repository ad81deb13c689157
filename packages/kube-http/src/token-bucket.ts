import { type Clock, sleep } from "./clock.ts";

/**
 * Lets `perSecond` callers pass a second, a second's worth at once, the rest in order of arrival.
 * The returned function resolves when its caller may go on; throws the signal's reason on abort.
 */
export function tokenBucket(
  perSecond: number,
  clock: Clock,
): (signal: AbortSignal) => Promise<void> {
  const burst = Math.max(1, perSecond);
  /** When the bucket will be full again; each caller moves it on by one token. */
  let fullAt = clock.now();
  return async (signal) => {
    signal.throwIfAborted();
    const now = clock.now();
    fullAt = Math.max(now, fullAt) + 1_000 / perSecond;
    const waitMs = fullAt - now - (burst * 1_000) / perSecond;
    if (waitMs > 0) await sleep(clock, waitMs, signal);
  };
}
