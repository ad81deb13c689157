/** One line's bytes without the newline; `length` is more than `bytes.length` when it was too long. */
export type RawLine = { readonly bytes: Buffer; readonly length: number };

export interface LineSplitter {
  /** The lines that this chunk completes. */
  push(chunk: Uint8Array): RawLine[];
  /** What came after the last newline, if anything. */
  rest(): RawLine | undefined;
}

/**
 * Cuts bytes at line feeds and nowhere else: a carriage return is content, and a character that is
 * split between chunks is whole again before anybody decodes it.
 */
export function lineSplitter(maxLineBytes: number): LineSplitter {
  let parts: Buffer[] = [];
  let kept = 0;
  let length = 0;
  const keep = (part: Buffer): void => {
    length += part.length;
    const head = part.subarray(0, maxLineBytes - kept);
    if (head.length === 0) return;
    parts.push(head);
    kept += head.length;
  };
  const line = (): RawLine => ({
    bytes: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts),
    length,
  });
  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const lines: RawLine[] = [];
      let from = 0;
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
        keep(bytes.subarray(from, at));
        lines.push(line());
        parts = [];
        kept = 0;
        length = 0;
        from = at + 1;
      }
      if (from < bytes.length) keep(bytes.subarray(from));
      return lines;
    },
    rest: () => (length === 0 ? undefined : line()),
  };
}
