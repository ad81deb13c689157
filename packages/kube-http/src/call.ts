import type { Clock } from "./clock.ts";
import { KubeHttpError } from "./errors.ts";

/** One call from its start to its end: its signal also aborts when the whole client is closed. */
export interface Call {
  readonly signal: AbortSignal;
  /** Forgets the call. Safe to repeat. */
  end(): void;
}

export interface CallRegister {
  begin(signal: AbortSignal): Call;
  close(): void;
}

export function callRegister(): CallRegister {
  const open = new Set<AbortController>();
  let closed = false;
  return {
    begin(signal) {
      signal.throwIfAborted();
      if (closed) throw closedError();
      const controller = new AbortController();
      const onAbort = (): void => controller.abort(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      open.add(controller);
      return {
        signal: controller.signal,
        end: () => {
          signal.removeEventListener("abort", onAbort);
          open.delete(controller);
        },
      };
    },
    close() {
      closed = true;
      for (const controller of open) controller.abort(closedError());
      open.clear();
    },
  };
}

function closedError(): KubeHttpError {
  return new KubeHttpError("KUBE_CLOSED", "this client was closed");
}

export type TimeLimit = { readonly clock: Clock; readonly ms: number; readonly late: () => Error };

/** Runs `work` with a signal that aborts with the given one, or with what the limit says when its time is over. */
export async function within<T>(
  signal: AbortSignal,
  limit: TimeLimit,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const cancel = limit.clock.after(limit.ms, () => controller.abort(limit.late()));
  try {
    return await work(controller.signal);
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}
