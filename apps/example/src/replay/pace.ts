import { ExampleError } from "../errors.ts";
import type { ReplayContext } from "./context.ts";

/** Waits so many recorded milliseconds. Rejects with the reason of the signal once SIGTERM came. */
export type Pace = (ms: number) => Promise<void>;

/**
 * `CLAUDE_REPLAY_SPEED`: 1 (the default) is the recorded timing, 10 ten times as fast, 0 without
 * any wait. It holds for the waits of made-up scenarios too.
 *
 * @throws ExampleError `EXAMPLE_OPTION` when it is no number of at least 0.
 */
export function readPace(context: ReplayContext): Pace {
  const text = context.env["CLAUDE_REPLAY_SPEED"] ?? "";
  const speed = text === "" ? 1 : Number(text);
  if (!Number.isFinite(speed) || speed < 0) {
    throw new ExampleError(
      "EXAMPLE_OPTION",
      `CLAUDE_REPLAY_SPEED=${text}: expected a number of at least 0 (1 is the recorded timing, 0 is without waits)`,
    );
  }
  return async (ms) => {
    context.signal.throwIfAborted();
    // Also for no time at all: a SIGTERM can only arrive while the process waits for something.
    await context.sleep(speed === 0 ? 0 : ms / speed);
  };
}
