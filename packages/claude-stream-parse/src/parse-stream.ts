import { createTranscript } from "./create-transcript.ts";
import type { TranscriptOptions } from "./create-transcript.ts";
import type { ClaudeEvent } from "./event-types.ts";

/**
 * The events of a stream. Strings are lines, with or without their LF (one that holds LF is split);
 * `Uint8Array`s are bytes, cut anywhere. Ends with its source; breaking out of the loop ends the source.
 */
export async function* parseStream(
  source: AsyncIterable<string | Uint8Array>,
  options?: TranscriptOptions,
): AsyncGenerator<ClaudeEvent, void, undefined> {
  const transcript = createTranscript(options);
  for await (const piece of source) {
    yield* transcript.push(
      typeof piece === "string" && !piece.endsWith("\n") ? `${piece}\n` : piece,
    );
  }
  yield* transcript.end();
}
