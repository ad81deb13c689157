/** The beginning of a line that has not ended yet. */
export type LineBuffer = {
  /** Bytes of the line so far, kept or not. */
  readonly length: number;
  /** The line is longer than the limit: only its head is kept. */
  readonly overflowed: boolean;
  append(bytes: Uint8Array, from: number, to: number): void;
  bytes(): Uint8Array;
  head(): Uint8Array;
  clear(): void;
};

const headBytes = 500;
const smallBytes = 4096;
/** A buffer larger than this is given back after its line. */
const keptBytes = 2 * 1024 * 1024;

/** One buffer that doubles: a line in single bytes costs no more than one in a piece. */
export function lineBuffer(maxBytes: number): LineBuffer {
  let buffer = new Uint8Array(smallBytes);
  let length = 0;

  function grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, buffer.length * 2));
    larger.set(buffer);
    buffer = larger;
  }

  return {
    get length() {
      return length;
    },
    get overflowed() {
      return length > maxBytes;
    },
    append(bytes, from, to) {
      const room = Math.max(maxBytes, headBytes) - length;
      const taken = Math.min(to - from, Math.max(room, 0));
      if (length + taken > buffer.length) grow(length + taken);
      if (taken > 0) buffer.set(bytes.subarray(from, from + taken), length);
      length += to - from;
      if (length > maxBytes && buffer.length > keptBytes) buffer = buffer.slice(0, headBytes);
    },
    bytes: () => buffer.subarray(0, length),
    head: () => buffer.subarray(0, Math.min(length, headBytes)),
    clear() {
      length = 0;
      if (buffer.length > keptBytes) buffer = new Uint8Array(smallBytes);
    },
  };
}
