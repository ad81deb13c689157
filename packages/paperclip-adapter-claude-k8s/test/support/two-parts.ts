// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Program } from "@claude-k8s/kubernetes-emulator";

/** Writes the first part, waits until it is let go, and writes the rest. */
export interface TwoParts {
  readonly program: Program;
  /** The first part is written. */
  readonly middle: Promise<void>;
  readonly goOn: () => void;
}

/** @param between done when it is let go, before the rest is written; may write, too */
export function twoParts(
  first: string,
  rest: string,
  between: (write: (text: string) => void) => void = () => {},
): TwoParts {
  const middle = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  return {
    middle: middle.promise,
    goOn: goOn.resolve,
    program: async ({ stdout }) => {
      const write = (text: string): void => {
        stdout.write(text);
      };
      write(first);
      middle.resolve();
      await goOn.promise;
      between(write);
      write(rest);
      return 0;
    },
  };
}
