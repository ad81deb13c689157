const marker = Symbol.for("@claude-k8s/job-watch.error");

/**
 * - `JOB_WATCH_DENIED`: a right is missing; the message names verb, resource and namespace.
 * - `JOB_WATCH_BLIND`: the cluster could not be asked just now; asking again may help. A watch never
 *   ends with it; ports throw it, and so does `stopJob` when its signal leaves it no time.
 * - `JOB_WATCH_CLOSED`: the watcher was closed.
 */
export type JobWatchErrorCode = "JOB_WATCH_DENIED" | "JOB_WATCH_BLIND" | "JOB_WATCH_CLOSED";

/** Thrown for what is no outcome of a healthy cluster. */
export class JobWatchError extends Error {
  override readonly name = "JobWatchError";
  readonly code: JobWatchErrorCode;

  constructor(code: JobWatchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is JobWatchError {
    return error instanceof Error && marker in error;
  }
}
