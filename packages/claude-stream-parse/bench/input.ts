import { captures, corpusMissing } from "../test/support/corpus.ts";

/** The corpus, each capture ended by an LF, over and over up to so many bytes. Stops without a corpus. */
export function corpusStream(size: number): Uint8Array {
  if (corpusMissing) throw new Error(`This benchmark reads real captures: ${corpusMissing}`);
  const once = Buffer.concat(captures().flatMap(({ bytes }) => [bytes, Buffer.from("\n")]));
  const times = Math.max(1, Math.round(size / once.length));
  return Buffer.concat(Array.from({ length: times }, () => once));
}

/** The bytes in pieces as a pipe brings them. */
export function* pieces(bytes: Uint8Array, size: number = 64 * 1024): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Pieces that end where a line ends, of about that size or one line long. */
export function* piecesAtLines(bytes: Uint8Array, size: number = 64 * 1024): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, Math.min(at + size, bytes.length - 1)) + 1 || bytes.length;
    yield bytes.subarray(at, end);
    at = end;
  }
}
