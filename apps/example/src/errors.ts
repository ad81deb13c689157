/** What a person must mend before the demo or the suite can go on. */
export type ExampleErrorCode =
  /** An option that is not known, or a value that makes no sense. */
  | "EXAMPLE_OPTION"
  /** No cluster to run on. */
  | "EXAMPLE_NO_CLUSTER"
  /** The cluster has no image with the replaying `claude`, and none can be put there. */
  | "EXAMPLE_NO_IMAGE"
  /** A command of another program failed. */
  | "EXAMPLE_COMMAND"
  /** A recording that is missing or cannot be read. */
  | "EXAMPLE_RECORDING"
  /** What was shown is not what had to come. */
  | "EXAMPLE_WRONG";

const brand = Symbol.for("@claude-k8s/example/ExampleError");

export class ExampleError extends Error {
  override readonly name = "ExampleError";
  readonly code: ExampleErrorCode;

  constructor(code: ExampleErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  static isInstance(value: unknown): value is ExampleError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
