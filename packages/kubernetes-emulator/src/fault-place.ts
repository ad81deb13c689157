import type { FaultPlace } from "./fault-types.ts";

/** Looks for a place in a body that comes in pieces. */
export interface PlaceFinder {
  /** Bytes of all pieces before the one that comes next. */
  readonly before: number;
  /** The place's offset in this piece, 0 to its length; undefined when it is not in it. */
  find(piece: Uint8Array): number | undefined;
}

export function createPlaceFinder({ afterBytes = 0, at = "byte" }: FaultPlace): PlaceFinder {
  let before = 0;
  let last = newline;
  const here = (piece: Uint8Array, offset: number): boolean => {
    if (at === "byte") return true;
    if (at === "line") return (offset === 0 ? last : piece[offset - 1]) === newline;
    // A byte that continues a character: 10xxxxxx.
    return ((piece[offset] ?? 0) & 0xc0) === 0x80;
  };
  return {
    get before() {
      return before;
    },
    find: (piece) => {
      let found: number | undefined;
      for (let offset = Math.max(0, afterBytes - before); offset <= piece.length; offset += 1) {
        if (!here(piece, offset)) continue;
        found = offset;
        break;
      }
      before += piece.length;
      last = piece.at(-1) ?? last;
      return found;
    },
  };
}

const newline = 0x0a;
