import { lineBuffer } from "./line-buffer.ts";
import { utf8Decoder, utf8Encode } from "./utf8.ts";

/** What a cut stream gives: its lines, and the beginnings of those that were too long to keep. */
export type LineSink = {
  readonly line: (text: string) => void;
  readonly tooLong: (head: string, bytes: number) => void;
};

export type LineCutter = {
  push(chunk: Uint8Array | string): void;
  /** The rest after the last LF; `undefined` when there is none. */
  end(): string | undefined;
};

const lineFeed = 0x0a;

/**
 * Cuts a stream at byte 0x0A and nowhere else (U+2028 stands inside lines), whatever pieces it comes in.
 * Bytes are decoded only when their line is whole. Lines longer than the limit are counted, not kept.
 */
export function lineCutter(maxLineBytes: number, sink: LineSink): LineCutter {
  const decode = utf8Decoder();
  const rest = lineBuffer(maxLineBytes);

  function finishLine(): void {
    if (rest.overflowed) sink.tooLong(decode(rest.head()), rest.length);
    else sink.line(decode(rest.bytes()));
    rest.clear();
  }

  return {
    push(chunk) {
      const bytes = typeof chunk === "string" ? utf8Encode(chunk) : chunk;
      let from = 0;
      let to = bytes.indexOf(lineFeed);
      if (to !== -1 && rest.length > 0) {
        rest.append(bytes, 0, to);
        finishLine();
        from = to + 1;
        to = bytes.indexOf(lineFeed, from);
      }
      while (to !== -1) {
        if (to - from > maxLineBytes) {
          rest.append(bytes, from, to);
          finishLine();
        } else sink.line(decode(bytes.subarray(from, to)));
        from = to + 1;
        to = bytes.indexOf(lineFeed, from);
      }
      rest.append(bytes, from, bytes.length);
    },
    end() {
      if (rest.length === 0) return undefined;
      if (rest.overflowed) {
        finishLine();
        return undefined;
      }
      const text = decode(rest.bytes());
      rest.clear();
      return text;
    },
  };
}
