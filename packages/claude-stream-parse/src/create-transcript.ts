import type { ClaudeEvent } from "./event-types.ts";
import { copyMemory, emptyMemory } from "./fold-memory.ts";
import { fold } from "./fold.ts";
import { lineCutter } from "./line-cutter.ts";
import { readLine, readTail } from "./read-line.ts";
import { skippedLine } from "./noise.ts";
import { summaryOf } from "./summary.ts";
import type { ClaudeSummary } from "./summary-types.ts";

export type TranscriptOptions = {
  /** A longer line is skipped and reported as noise `too_long`. Default 16 MiB. */
  readonly maxLineBytes?: number;
};

/** A stream being read. Keeps no events; what it remembers has a bound. */
export type Transcript = {
  /** The events that this piece completes. Bytes may be cut anywhere; a string is whole characters. */
  push(chunk: Uint8Array | string): ClaudeEvent[];
  /** The events of a last line without LF. Afterwards the transcript takes no more. */
  end(): ClaudeEvent[];
  /** What is known by now: a value that later pieces do not change. */
  readonly summary: ClaudeSummary;
};

/**
 * Reads the stdout of `claude --print --output-format stream-json --verbose`, in pieces as they come.
 * Never throws for what is in the stream. Throws `TypeError` for a wrong `maxLineBytes`, and for a `push` after `end`.
 */
export function createTranscript(options: TranscriptOptions = {}): Transcript {
  const memory = emptyMemory();
  let events: ClaudeEvent[] = [];
  let summary: ClaudeSummary | undefined;
  let ended = false;
  const cutter = lineCutter(lineLimit(options), {
    line: (line) => readLine(line, events),
    tooLong: (head, bytes) => void events.push(skippedLine(head, bytes)),
  });

  function take(): ClaudeEvent[] {
    const taken = events;
    events = [];
    for (const event of taken) fold(memory, event);
    if (taken.length > 0) summary = undefined;
    return taken;
  }

  return {
    push(chunk) {
      if (ended) throw new TypeError("createTranscript: push after end; begin a new transcript");
      cutter.push(chunk);
      return take();
    },
    end() {
      ended = true;
      const tail = cutter.end();
      if (tail !== undefined) readTail(tail, events);
      return take();
    },
    get summary() {
      return (summary ??= summaryOf(copyMemory(memory)));
    },
  };
}

function lineLimit({ maxLineBytes = 16 * 1024 * 1024 }: TranscriptOptions): number {
  if (Number.isSafeInteger(maxLineBytes) && maxLineBytes > 0) return maxLineBytes;
  throw new TypeError(
    `createTranscript: maxLineBytes must be a positive integer, got ${String(maxLineBytes)}`,
  );
}
