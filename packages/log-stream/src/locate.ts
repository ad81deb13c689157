import type { Position } from "./position.ts";
import type { Progress } from "./progress.ts";
import { chainHash, hashOf, type LogRecord } from "./record.ts";

/** Looks for the last delivered line in a read. */
export interface Locator {
  /**
   * To be shown every line in order. Says when this is the one (the newest such line counts). `unsure`: the file
   * begins inside what was delivered, or looks so by chance.
   */
  see(record: LogRecord): Match;
  /** Whether the read showed fewer lines than were delivered, so that it proves nothing. */
  tooShort(): boolean;
}

export type Match = "sure" | "unsure" | "none";

/** `undefined` when nothing was delivered yet, so that every line is new. */
export function locatorFor(progress: Progress, wholeFile: boolean): Locator | undefined {
  if (progress.at !== undefined) return byTime(progress.at, wholeFile);
  if (progress.chain !== undefined) return byCount(progress.chain.lines, progress.chain.hash);
  return undefined;
}

/** In a tail the first line may be a fragment of a long one, with a time of its own: it proves nothing. */
function byTime(at: Position, wholeFile: boolean): Locator {
  const last = at.ring.at(-1);
  let previous: LogRecord | undefined;
  /** Of the block of `at.ns` that is being seen: its lines' hashes, and what came before it. */
  let block: { hashes: string[]; proves: Proof } | undefined;
  return {
    see(record) {
      if (record.ns !== at.ns) {
        block = undefined;
        previous = record;
        return "none";
      }
      if (block === undefined) block = { hashes: [], proves: proofFor(at, previous, wholeFile) };
      block.hashes.push(hashOf(record));
      previous = record;
      return block.hashes.at(-1) === last ? block.proves(block.hashes) : "none";
    },
    tooShort: () => false,
  };
}

type Proof = (hashes: readonly string[]) => Match;

const never: Proof = () => "none";

function proofFor(at: Position, previous: LogRecord | undefined, wholeFile: boolean): Proof {
  const counted: Proof = (hashes) => (hashes.length === at.n ? "sure" : "none");
  if (previous !== undefined) return hashOf(previous) === at.prev ? counted : never;
  if (!wholeFile) return never;
  // The file was rotated right before or inside our block: what is left of it must be the end of what was delivered.
  // Where the clock is coarse, a new line of the same time and text cannot be told from the one that was delivered.
  const known = at.ring.slice(-Math.min(at.n, at.ring.length));
  const rotated: Proof = (hashes) => (endsWith(known, hashes) ? "unsure" : "none");
  if (at.prev !== undefined) return rotated;
  return (hashes) => (counted(hashes) === "sure" ? "sure" : rotated(hashes));
}

function endsWith(list: readonly string[], end: readonly string[]): boolean {
  return end.every((hash, i) => list[list.length - end.length + i] === hash);
}

/** Without times only the count tells, and a chain of hashes that it is the same log. */
function byCount(lines: number, expected: string): Locator {
  let seen = 0;
  let chain = "";
  return {
    see(record) {
      if (seen === lines) return "none";
      seen++;
      chain = chainHash(chain, record);
      return seen === lines && chain === expected ? "sure" : "none";
    },
    tooShort: () => seen < lines,
  };
}
