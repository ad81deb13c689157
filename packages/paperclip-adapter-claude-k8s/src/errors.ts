const marker = Symbol.for("paperclip-adapter-claude-k8s.error");

/**
 * - `ADAPTER_NO_CLUSTER`: no kubeconfig was found, or the one that was named cannot be used.
 * - `ADAPTER_NOTHING_TO_RUN`: image or prompt is missing.
 * - `ADAPTER_NO_WORKSPACE`: the files that the task is about can neither be mounted nor cloned.
 * - `ADAPTER_COMMAND_LINE`: `claude-k8s` was called with words it does not take.
 * - `ADAPTER_NO_SUCH_RUN`: no Job, or more than one, is what `claude-k8s` was told.
 * - `ADAPTER_RUN_NOT_FREE`: the Job is not there to be adopted.
 */
export type AdapterErrorCode =
  | "ADAPTER_NO_CLUSTER"
  | "ADAPTER_NOTHING_TO_RUN"
  | "ADAPTER_NO_WORKSPACE"
  | "ADAPTER_COMMAND_LINE"
  | "ADAPTER_NO_SUCH_RUN"
  | "ADAPTER_RUN_NOT_FREE";

/** What a person must mend first. Never leaves `execute`, which answers with a result. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
  readonly code: AdapterErrorCode;

  constructor(code: AdapterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is AdapterError {
    return error instanceof Error && marker in error;
  }
}
