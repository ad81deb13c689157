const brand = Symbol.for("@claude-k8s/kubernetes-emulator/EmulatorError");

/** `EMULATOR_OPTION_INVALID`: an option names something impossible. `EMULATOR_LISTEN_FAILED`: the port cannot be had. */
export type EmulatorErrorCode = "EMULATOR_OPTION_INVALID" | "EMULATOR_LISTEN_FAILED";

/** What {@link startEmulator} and its methods throw. */
export class EmulatorError extends Error {
  override readonly name = "EmulatorError";
  readonly code: EmulatorErrorCode;

  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Holds across copies of this package. */
  static isInstance(value: unknown): value is EmulatorError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
