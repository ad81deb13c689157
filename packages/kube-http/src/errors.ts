const marker = Symbol.for("@claude-k8s/kube-http.error");

/**
 * - `KUBE_UNREACHABLE`: no answer, or it broke off: refused, reset, timed out, cut.
 * - `KUBE_DENIED`: 403. The message names the missing right where one is missing.
 * - `KUBE_UNAUTHORIZED`: 401 again with fresh credentials, or credentials could not be made.
 * - `KUBE_OVERLOADED`: 429 or 503 for longer than the retry budget.
 * - `KUBE_UNEXPECTED`: any other answer, or one that is not JSON.
 * - `KUBE_CLOSED`: `close()` was called.
 */
export type KubeHttpErrorCode =
  | "KUBE_UNREACHABLE"
  | "KUBE_DENIED"
  | "KUBE_UNAUTHORIZED"
  | "KUBE_OVERLOADED"
  | "KUBE_UNEXPECTED"
  | "KUBE_CLOSED";

export type KubeHttpErrorDetails = {
  /** The HTTP status, when there was one. */
  readonly status?: number | undefined;
  /** Kubernetes' CamelCase word, when the server gave one. */
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
};

/** Thrown when there is no answer that a correct caller could act on. Never holds headers or whole bodies. */
export class KubeHttpError extends Error {
  override readonly name = "KubeHttpError";
  readonly code: KubeHttpErrorCode;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: KubeHttpErrorCode, message: string, details: KubeHttpErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is KubeHttpError {
    return error instanceof Error && marker in error;
  }
}
