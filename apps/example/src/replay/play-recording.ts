import { constants } from "node:os";

import type { RecordedEnd, Recording } from "../recorder/recording.ts";
import type { ReplayContext } from "./context.ts";
import type { Pace } from "./pace.ts";

/**
 * Writes what was recorded, read by read, each when it came. Returns the recorded exit code; 128 and
 * the signal's number where the program was killed, as a container's status says it.
 *
 * Rejects with the reason of `context.signal` at SIGTERM.
 */
export async function playRecording(
  recording: Recording,
  context: ReplayContext,
  pace: Pace,
): Promise<number> {
  let at = 0;
  for (const chunk of recording.chunks) {
    await pace(chunk.at - at);
    at = chunk.at;
    await context[chunk.stream].write(chunk.bytes);
  }
  await pace(recording.end.at - at);
  return exitCode(recording.end);
}

function exitCode({ code, signal }: RecordedEnd): number {
  return code ?? 128 + (signal === undefined ? 0 : constants.signals[signal]);
}
