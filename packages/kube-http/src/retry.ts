import type { KubeHttpError } from "./errors.ts";

/** Whether sending the request once more may help, and may do no harm. */
export function mayRetry(error: KubeHttpError, repeatable: boolean): boolean {
  switch (error.code) {
    case "KUBE_UNREACHABLE":
      return repeatable || neverSent(error.cause);
    case "KUBE_OVERLOADED":
      // 429 is the API server's flow control, which turns requests away before it looks at them. A 503 may
      // come from anything on the way, also after the write.
      return repeatable || error.status === 429;
    case "KUBE_UNEXPECTED":
      return repeatable && error.status !== undefined && [500, 502, 504].includes(error.status);
    case "KUBE_DENIED":
    case "KUBE_UNAUTHORIZED":
    case "KUBE_CLOSED":
    default:
      return false;
  }
}

/** No connection came about, so the server cannot have seen the request. */
function neverSent(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(neverSent);
  if (!(cause instanceof Error && "syscall" in cause)) return false;
  return cause.syscall === "connect" || cause.syscall === "getaddrinfo";
}

/**
 * How long to wait before attempt `attempt` + 1: full jitter under a doubling cap, or what the
 * server asked for (plus jitter, so that not everybody comes back in the same instant).
 * @param random from 0 to 1
 */
export function retryWaitMs(
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const jitter = random * Math.min(4_000, 100 * 2 ** attempt);
  return retryAfterMs === undefined ? jitter : retryAfterMs + jitter;
}

/** `Retry-After` in milliseconds: whole seconds, as the API server sends; dates (proxies) need a wall clock. */
export function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,6}$/.test(header.trim())) return undefined;
  return Number(header) * 1_000;
}
