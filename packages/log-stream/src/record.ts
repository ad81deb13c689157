import { createHash } from "node:crypto";
import type { RawLine } from "./lines.ts";
import { longestPrefix, nanoseconds, readTimestamp } from "./timestamp.ts";

/** A line of the log. `ns` and `time` are absent in a log without timestamps. */
export type LogRecord = {
  readonly ns: bigint | undefined;
  readonly time: string | undefined;
  readonly content: Buffer;
  /** Bytes of the whole line; more than `content` holds when it was cut. */
  readonly length: number;
};

/** Whether lines carry timestamps; `unknown` until the first one has come. */
export type Stamps = "yes" | "no" | "unknown";

/** What a splitter must keep of a line so that `maxLineBytes` of its content are kept. */
export function rawLimit(maxLineBytes: number): number {
  return maxLineBytes + longestPrefix;
}

/** `undefined`: in a log with timestamps a line without one is not the container's. */
export function readRecord(
  line: RawLine,
  stamps: Stamps,
  maxLineBytes: number,
): LogRecord | undefined {
  const stamp = stamps === "no" ? undefined : readTimestamp(line.bytes);
  if (stamp === undefined && stamps === "yes") return undefined;
  const start = stamp?.end ?? 0;
  const length = line.length - start;
  return new LazyRecord(stamp?.time, line.bytes.subarray(start, start + maxLineBytes), length);
}

/** Of a batch only the times of its last lines are ever compared. */
class LazyRecord implements LogRecord {
  readonly time: string | undefined;
  readonly content: Buffer;
  readonly length: number;
  #ns: bigint | undefined;

  constructor(time: string | undefined, content: Buffer, length: number) {
    this.time = time;
    this.content = content;
    this.length = length;
  }

  get ns(): bigint | undefined {
    if (this.time !== undefined) this.#ns ??= nanoseconds(this.time);
    return this.#ns;
  }
}

/** Identity of a line: its time, length and kept content, in 64 bits of hex. */
export function hashOf({ ns, content, length }: LogRecord): string {
  return createHash("sha256")
    .update(`${ns ?? ""} ${length} `)
    .update(content)
    .digest("hex")
    .slice(0, 16);
}

/** The chain over all lines so far, for logs in which a line has no identity of its own. */
export function chainHash(chain: string, record: LogRecord): string {
  return createHash("sha256").update(chain).update(hashOf(record)).digest("hex").slice(0, 16);
}
