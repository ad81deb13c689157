import type { Clock } from "@claude-k8s/kube-http";

type Read =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The body's own end. */
  | { readonly kind: "end" }
  | { readonly kind: "cut"; readonly cause: string }
  /** Nothing came for as long as was waited; the next `read` waits on. */
  | { readonly kind: "quiet" };

export interface QuietReader {
  /** One at a time. Throws the signal's reason on abort, whatever the body does. */
  readonly read: (quietMs: number) => Promise<Read>;
  /** Lets go of the body, the timer and the signal. Waits for nothing. */
  readonly leave: () => void;
}

type Waiter = {
  readonly until: number;
  readonly resolve: (read: Read) => void;
  readonly reject: (reason: unknown) => void;
};

/**
 * Reads a body that may be silent. It has one timer and one listener over its whole life: the timer is not
 * moved with each chunk, but looks, when it fires, how long there was silence.
 */
export function quietReader(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  clock: Clock,
): QuietReader {
  const iterator = body[Symbol.asyncIterator]();
  /** Outlives a quiet `read`: a second `next()` would ask for the chunk after. */
  let pending: Promise<void> | undefined;
  let waiter: Waiter | undefined;
  let arrived: Read | undefined;
  let timer: { readonly at: number; readonly cancel: () => void } | undefined;

  const hand = (read: Read): void => {
    pending = undefined;
    if (waiter === undefined) arrived = read;
    else waiter.resolve(read);
    waiter = undefined;
  };
  const look = (): void => {
    timer = undefined;
    if (waiter === undefined) return;
    if (clock.now() < waiter.until) return arm(waiter.until);
    waiter.resolve({ kind: "quiet" });
    waiter = undefined;
  };
  const arm = (at: number): void => {
    if (timer !== undefined && timer.at <= at) return;
    timer?.cancel();
    timer = { at, cancel: clock.after(Math.max(0, at - clock.now()), look) };
  };
  const onAbort = (): void => {
    waiter?.reject(signal.reason);
    waiter = undefined;
  };
  signal.addEventListener("abort", onAbort, { once: true });

  return {
    async read(quietMs) {
      signal.throwIfAborted();
      if (arrived !== undefined) {
        const read = arrived;
        arrived = undefined;
        return read;
      }
      pending ??= iterator.next().then(
        ({ done, value }) =>
          hand(done === true ? { kind: "end" } : { kind: "bytes", bytes: value }),
        (error: unknown) =>
          hand({ kind: "cut", cause: error instanceof Error ? error.message : String(error) }),
      );
      return new Promise((resolve, reject) => {
        waiter = { until: clock.now() + quietMs, resolve, reject };
        arm(waiter.until);
      });
    },
    leave() {
      signal.removeEventListener("abort", onAbort);
      timer?.cancel();
      timer = undefined;
      // Not awaited: `return()` queues behind a `next()` that may never settle.
      void iterator.return?.().catch(() => {});
    },
  };
}
