import { byteLines } from "./byte-lines.ts";
import type { LineSink } from "./byte-lines.ts";
import { splitText } from "./split-text.ts";
import { utf8Encode } from "./utf8.ts";

export type LineCutter = {
  push(chunk: Uint8Array | string): void;
  /** The rest after the last LF; `undefined` when there is none. */
  end(): string | undefined;
};

/** Cuts a stream of bytes, of text, or of both into lines. */
export function lineCutter(maxLineBytes: number, sink: LineSink): LineCutter {
  const bytes = byteLines(maxLineBytes, sink);
  /** A begun line while all pieces are strings: kept as it is. Never together with a begun line of bytes. */
  let begun = "";

  function pushText(text: string): void {
    const last = text.lastIndexOf("\n");
    if (last === -1) {
      begun += text;
      return;
    }
    const first = text.indexOf("\n");
    sink.line(begun + text.slice(0, first));
    if (first < last) splitText(text.slice(0, last), first + 1, sink.line);
    begun = text.slice(last + 1);
  }

  function begunToBytes(): void {
    bytes.push(utf8Encode(begun));
    begun = "";
  }

  return {
    push(chunk) {
      // A unit of text takes at most three bytes of UTF-8: so a short text holds no line that is too long.
      const short = (begun.length + chunk.length) * 3 <= maxLineBytes;
      if (typeof chunk === "string" && short && !bytes.begun) {
        pushText(chunk);
        return;
      }
      begunToBytes();
      bytes.push(typeof chunk === "string" ? utf8Encode(chunk) : chunk);
    },
    end() {
      begunToBytes();
      return bytes.end();
    },
  };
}
