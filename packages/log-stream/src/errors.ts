const marker = Symbol.for("@claude-k8s/log-stream.error");

/**
 * - `LOG_STREAM_DENIED`: no right to read the log; the message names it.
 * - `LOG_STREAM_GAVE_UP`: nothing but failed answers for longer than the limit, or one that waiting cannot cure.
 * - `LOG_STREAM_CURSOR_INVALID`: a stored cursor is damaged, or belongs to another container.
 */
export type LogStreamErrorCode =
  | "LOG_STREAM_DENIED"
  | "LOG_STREAM_GAVE_UP"
  | "LOG_STREAM_CURSOR_INVALID";

/** Thrown when following cannot go on and trying again would not help. */
export class LogStreamError extends Error {
  override readonly name = "LogStreamError";
  readonly code: LogStreamErrorCode;

  constructor(code: LogStreamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is LogStreamError {
    return error instanceof Error && marker in error;
  }
}
