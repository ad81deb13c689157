import { createTranscript } from "../../src/index.ts";
import type { ClaudeEvent, ClaudeSummary, TranscriptOptions } from "../../src/index.ts";

/** Reads all pieces to the end. */
export function read(
  pieces: readonly (Uint8Array | string)[],
  options?: TranscriptOptions,
): { events: ClaudeEvent[]; summary: ClaudeSummary } {
  const transcript = createTranscript(options);
  const events = pieces.flatMap((piece) => transcript.push(piece));
  events.push(...transcript.end());
  return { events, summary: transcript.summary };
}

/** Events as lines of a stream. */
export function lines(...events: readonly object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** The summary of a stream of these events. */
export function summaryOfEvents(...events: readonly object[]): ClaudeSummary {
  return read([lines(...events)]).summary;
}
