import { lineBuffer } from "./line-buffer.ts";
import { splitText } from "./split-text.ts";
import { utf8Decoder } from "./utf8.ts";

/** What a cut stream gives: its lines, and the beginnings of those that were too long to keep. */
export type LineSink = {
  readonly line: (text: string) => void;
  readonly tooLong: (head: string, bytes: number) => void;
};

export type ByteLines = {
  /** Whether a line has begun that has not ended. */
  readonly begun: boolean;
  push(bytes: Uint8Array): void;
  /** The rest after the last LF; `undefined` when there is none. */
  end(): string | undefined;
};

const lineFeed = 0x0a;
/** Larger pieces are taken in steps, so that a whole file costs no second copy of itself. */
const stepBytes = 256 * 1024;

/**
 * Cuts bytes at 0x0A and nowhere else (U+2028 stands inside lines), whatever pieces they come in. They are decoded
 * only when their line is whole; all whole lines of a piece at once, which is twice as fast as one by one. Lines
 * longer than the limit are counted, not kept.
 */
export function byteLines(maxLineBytes: number, sink: LineSink): ByteLines {
  const decode = utf8Decoder();
  const rest = lineBuffer(maxLineBytes);

  function finishLine(): void {
    if (rest.overflowed) sink.tooLong(decode(rest.head()), rest.length);
    else sink.line(decode(rest.bytes()));
    rest.clear();
  }

  function step(bytes: Uint8Array): void {
    const last = bytes.lastIndexOf(lineFeed);
    let from = 0;
    if (last !== -1 && rest.length > 0) {
      from = bytes.indexOf(lineFeed) + 1;
      rest.append(bytes, 0, from - 1);
      finishLine();
    }
    if (from <= last) wholeLines(bytes.subarray(from, last));
    rest.append(bytes, last + 1, bytes.length);
  }

  /** Lines with LF between them. */
  function wholeLines(bytes: Uint8Array): void {
    if (bytes.length <= maxLineBytes) {
      splitText(decode(bytes), 0, sink.line);
      return;
    }
    // Some line may be too long: one by one.
    for (const line of split(bytes)) {
      rest.append(line, 0, line.length);
      finishLine();
    }
  }

  return {
    get begun() {
      return rest.length > 0;
    },
    push(bytes) {
      for (let at = 0; at < bytes.length; at += stepBytes) step(bytes.subarray(at, at + stepBytes));
    },
    end() {
      const { overflowed, length } = rest;
      const text = overflowed || length === 0 ? undefined : decode(rest.bytes());
      if (overflowed) finishLine();
      rest.clear();
      return text;
    },
  };
}

function* split(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  for (let to = bytes.indexOf(lineFeed); to !== -1; to = bytes.indexOf(lineFeed, from)) {
    yield bytes.subarray(from, to);
    from = to + 1;
  }
  yield bytes.subarray(from);
}
