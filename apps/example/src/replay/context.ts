/**
 * What the replay needs of the process it is: a container of the emulator gives it (its
 * `ProgramContext` has this shape), and `nodeContext` makes it from a Node process.
 */
export interface ReplayContext {
  /** `argv[0]` is the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: ReplayOutput;
  readonly stderr: ReplayOutput;
  /** Aborts at SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Waits. A SIGTERM that comes meanwhile rejects with the signal's reason; sleeps that begin after
   * it wait again.
   */
  sleep(ms: number): Promise<void>;
}

export interface ReplayOutput {
  /** A promise resolves when more may be written. */
  write(data: Uint8Array | string): void | Promise<void>;
}
