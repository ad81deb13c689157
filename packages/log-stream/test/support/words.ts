import type { LogEvent, LogSource } from "../../src/index.ts";
import { lineSplitter } from "../../src/lines.ts";
import { type LogRecord, readRecord } from "../../src/record.ts";
import { render, toFile } from "./scripted-log.ts";

const start = 1_767_323_045_000_000_000n;

/**
 * `"1a 2b"`: a log with the lines `a` and `b`, the second a minute later. A last word that ends in `~` has no newline;
 * `!x` is what the kubelet itself says.
 */
export function logOf(words: string): Buffer {
  const pieces = words.split(" ").filter((word) => word !== "");
  return Buffer.concat(
    pieces.map((word) => {
      if (word.startsWith("!")) return Buffer.from(`${word.slice(1)}\n`);
      const unterminated = word.endsWith("~");
      const ns = start + BigInt(word[0] ?? 0) * 60_000_000_000n;
      const text = word.slice(1, unterminated ? -1 : undefined);
      return render(toFile([{ ns, text }], { recordBytes: 2 ** 24, unterminated }));
    }),
  );
}

export function recordsOf(words: string): LogRecord[] {
  const lines = lineSplitter(2 ** 24).push(logOf(words));
  return lines.flatMap((line) => readRecord(line, "yes", 2 ** 24) ?? []);
}

/** Answers each request with the next of `reads`, and with the last one over again. */
export function readingWords(reads: readonly string[]): {
  readonly source: LogSource;
  readonly requests: () => number;
} {
  let requests = 0;
  return {
    requests: () => requests,
    source: {
      async open() {
        const bytes = logOf(reads[Math.min(requests++, reads.length - 1)] ?? "");
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += 65_536)
          chunks.push(bytes.subarray(at, at + 65_536));
        return { kind: "open", timestamps: true, body: bodyOf(...chunks) };
      },
    },
  };
}

async function* bodyOf(
  ...chunks: readonly Uint8Array[]
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}

export function textsOf(events: readonly LogEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "lines" ? event.lines.map(({ text }) => text) : [],
  );
}

/** Runs a step of a follow: what it told, and what it came to. */
export async function stepped<Result>(
  step: AsyncGenerator<LogEvent, Result, undefined>,
): Promise<{ events: LogEvent[]; result: Result }> {
  const events: LogEvent[] = [];
  for (;;) {
    const { done, value } = await step.next();
    if (done === true) return { events, result: value };
    events.push(value);
  }
}
