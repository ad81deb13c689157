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

type Match = "sure" | "unsure" | "none";

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
  let seen = 0;
  /** Of the block of `at.ns` that is being seen: its lines' hashes, and what came before it. */
  let block: { hashes: string[]; proves: Proof } | undefined;
  return {
    see(record) {
      seen++;
      if (record.ns !== at.ns) {
        block = undefined;
        previous = record;
        return "none";
      }
      if (block === undefined)
        block = { hashes: [], proves: proofFor(at, previous, wholeFile ? seen : undefined) };
      block.hashes.push(hashOf(record));
      previous = record;
      return block.hashes.at(-1) === last ? block.proves(block.hashes) : "none";
    },
    tooShort: () => false,
  };
}

type Proof = (hashes: readonly string[]) => Match;

const never: Proof = () => "none";

/**
 * @param previous the line before the block
 * @param nth in a whole file, which of its lines the block begins with, from 1
 */
function proofFor(at: Position, previous: LogRecord | undefined, nth: number | undefined): Proof {
  const counted: Proof = (hashes) => (hashes.length === at.n ? "sure" : "none");
  if (previous !== undefined && hashOf(previous) === at.prev) return counted;
  if (nth === undefined || nth > 2) return never;
  // The file was rotated right before or inside our block: what is left of it must be the end of what was delivered. The
  // file's first line may be what is left of a longer one, which nothing knows any more.
  // Where the clock is coarse, a new line of the same time and text cannot be told from the one that was delivered.
  const rotated: Proof = (hashes) => {
    if (hashes.length > at.n) return "none";
    const [, ...afterFirst] = hashes;
    const isEnd = endAlike(at.ring, hashes);
    const isEndAfterFragment = nth === 1 && endAlike(at.ring, afterFirst);
    return isEnd || isEndAfterFragment ? "unsure" : "none";
  };
  if (previous !== undefined || at.prev !== undefined) return rotated;
  return (hashes) => (counted(hashes) === "sure" ? "sure" : rotated(hashes));
}

/** As far back as both go. */
function endAlike(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(a.length - length).every((hash, i) => hash === b[b.length - length + i]);
}

/** Without times only the count tells, and a chain of hashes that it is the same log. */
function byCount(lines: number, expected: string): Locator {
  let seen = 0;
  let chain = "";
  return {
    see(record) {
      // Nothing behind it needs to be hashed.
      if (seen === lines) return "none";
      seen++;
      chain = chainHash(chain, record);
      return seen === lines && chain === expected ? "sure" : "none";
    },
    tooShort: () => seen < lines,
  };
}
