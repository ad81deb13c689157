import { hashOf, type LogRecord } from "./record.ts";

/**
 * Where in a log with timestamps: which of the lines of one time block was the last delivered, and
 * what came before the block. Found again in any later read that shows the block and the line before it.
 */
export type Position = {
  readonly ns: bigint;
  readonly time: string;
  /** How many delivered lines carry `ns`, without another line between. */
  readonly n: number;
  /** Hash of the line before the block; `undefined` when the block began the file. */
  readonly prev: string | undefined;
  /** Hashes of the last lines of the block, oldest first; at least that of the last line. */
  readonly ring: readonly string[];
  /** How many records of the raw file a tail must at most hold to show block and predecessor. */
  readonly span: number;
  /** The last line's part of it. */
  readonly lastSpan: number;
};

const ringLength = 64;

/** The position after `records` (at least one, all with a time) that came right after `at`. */
export function advance(at: Position | undefined, records: readonly LogRecord[]): Position {
  const last = records.at(-1);
  if (last?.ns === undefined || last.time === undefined)
    throw new Error("a position needs a line with a time");
  let start = records.length - 1;
  while (start > 0 && records[start - 1]?.ns === last.ns) start--;
  const before = records[start - 1];
  const continues = before === undefined && at?.ns === last.ns;
  const block = records.slice(start).reduce((sum, record) => sum + recordsOf(record), 0);
  // Only lines of the block are ever looked for, and a hash is the dearest part of a line.
  const known = continues ? at.ring : [];
  const ring = [
    ...known,
    ...records.slice(Math.max(start, records.length - ringLength)).map(hashOf),
  ];
  return {
    ns: last.ns,
    time: last.time,
    n: records.length - start + (continues ? at.n : 0),
    prev: before !== undefined ? hashOf(before) : continues ? at.prev : at?.ring.at(-1),
    ring: ring.slice(-ringLength),
    span: block + spanBefore(at, before, continues),
    lastSpan: recordsOf(last),
  };
}

function spanBefore(
  at: Position | undefined,
  before: LogRecord | undefined,
  continues: boolean,
): number {
  if (before !== undefined) return recordsOf(before);
  return (continues ? at?.span : at?.lastSpan) ?? 0;
}

/** Runtimes cut lines into records of at most 16 KiB (containerd) or less (one per read in CRI-O). */
export function recordsIn(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4_096));
}

function recordsOf({ length }: LogRecord): number {
  return recordsIn(length);
}

const longestTail = 32_768;
/** How many new records a tail must at least have room for, and at most for a guess. */
const fewestNew = 4;
const mostNew = 32;

/**
 * How many records to ask for so that the position is among them; `undefined`: the whole file.
 * @param misses how often asking for fewer did not show it
 * @param expected how many records are thought to be new; a guess that is too low costs another read
 */
export function tailFor(
  at: Position | undefined,
  misses: number,
  expected: number = mostNew,
): number | undefined {
  if (at === undefined) return undefined;
  const fresh = Math.ceil(Math.max(fewestNew, Math.min(mostNew, expected)));
  const tail = ((misses === 0 ? fresh : mostNew) + at.span) * 8 ** misses;
  return tail > longestTail ? undefined : tail;
}
