import type { ClaudeEvent } from "./event-types.ts";
import { noise } from "./noise.ts";
import { readLine } from "./read-line.ts";

/**
 * One line of `claude --output-format stream-json`. Never throws: what is no event is `noise`.
 * Where noise is glued to an event, this is the event; `parseStream` and `createTranscript` give both.
 */
export function parseLine(line: string): ClaudeEvent {
  const events: ClaudeEvent[] = [];
  readLine(line, events);
  return events.find((event) => event.type !== "noise") ?? events[0] ?? noise("blank", line);
}
