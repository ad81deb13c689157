/** Ctrl-C or SIGTERM, turned into an `AbortSignal`. Disposing gives the signals back to the process. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

export interface InterruptOptions {
  /** Where a person reads what is going on. */
  readonly say: (text: string) => void;
  /** What may be left when somebody does not want to wait; asked at the second signal. */
  readonly leftBehind: () => string | undefined;
}

/** What a shell reports for a program that ended by SIGINT. */
export const interruptedCode = 130;

/**
 * The first signal aborts, so that what was started is ended in order. The second ends the process
 * at once, and says what it leaves.
 */
export function interruptible(options: InterruptOptions): Interrupt {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      const left = options.leftBehind();
      options.say(left === undefined ? "Stopped at once." : `Stopped at once. Left: ${left}`);
      process.exit(interruptedCode);
    }
    options.say(`${name}: cleaning up; once more to stop at once`);
    controller.abort(new Error(`interrupted by ${name}`));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
