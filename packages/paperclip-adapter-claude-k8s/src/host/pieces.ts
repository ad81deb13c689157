/** The host shows the last 8 KiB of each piece it is given, so larger ones would lose their beginning. */
export const pieceBytes: number = 8 * 1024;

const newline = 0x0a;

/**
 * Cuts text into pieces of at most 8 KiB that join to the same text: after a line's end where there is one,
 * between two characters where a line is longer.
 */
export function* pieces(text: string, limit: number = pieceBytes): Generator<string> {
  if (text.length * 3 <= limit) {
    if (text !== "") yield text;
    return;
  }
  const bytes = Buffer.from(text);
  let start = 0;
  while (start < bytes.length) {
    const end = cut(bytes, start, limit);
    yield bytes.toString("utf8", start, end);
    start = end;
  }
}

function cut(bytes: Buffer, start: number, limit: number): number {
  const full = start + limit;
  if (full >= bytes.length) return bytes.length;
  const lineEnd = bytes.lastIndexOf(newline, full - 1) + 1;
  if (lineEnd > start) return lineEnd;
  let end = full;
  // Bytes 10xxxxxx go on with a character that began before them.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
