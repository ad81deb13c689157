/** Time for one emulator: every timer is counted, so that disposing ends them all. */
export interface Clock {
  /** Milliseconds since the epoch, with a fraction. */
  now(): number;
  /** RFC 3339 in whole seconds, as API objects carry it. */
  seconds(): string;
  /** Runs `work` after `ms`, unless cancelled or closed before. */
  after(ms: number, work: () => void): () => void;
  /** Resolves after `ms`, or at once when the signal aborts or the clock closes. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** The real clock. It takes `setTimeout` at call time, so fake timers reach it. */
export function createClock(): Clock {
  const open = new Set<() => void>();
  let closed = false;

  const schedule = (ms: number, work: () => void, onClose: () => void): (() => void) => {
    if (closed) {
      onClose();
      return () => undefined;
    }
    const timer = globalThis.setTimeout(() => {
      open.delete(end);
      work();
    }, ms);
    const end = (): void => {
      open.delete(end);
      globalThis.clearTimeout(timer);
      onClose();
    };
    open.add(end);
    return end;
  };

  return {
    now,
    seconds: () => rfc3339Seconds(now()),
    after: (ms, work) => schedule(ms, work, () => undefined),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const end = schedule(ms, done, resolve);
        function done(): void {
          signal?.removeEventListener("abort", end);
          resolve();
        }
        signal?.addEventListener("abort", end, { once: true });
      }),
    close: () => {
      closed = true;
      for (const end of open) end();
    },
  };
}

function now(): number {
  return globalThis.performance.timeOrigin + globalThis.performance.now();
}

export function rfc3339Seconds(ms: number): string {
  return new Date(Math.floor(ms)).toISOString().replace(/\.\d+Z$/, "Z");
}
