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
/** Larger pieces are taken in steps, so that a whole file costs no second copy of itself. */
const stepBytes = 256 * 1024;

/**
 * Cuts a stream at byte 0x0A and nowhere else (U+2028 stands inside lines), whatever pieces it comes in.
 * Bytes are decoded only when their line is whole; all whole lines of a piece at once, which is twice as fast as
 * one by one. Lines longer than the limit are counted, not kept.
 */
export function lineCutter(maxLineBytes: number, sink: LineSink): LineCutter {
  const decode = utf8Decoder();
  const rest = lineBuffer(maxLineBytes);
  /** The rest while all pieces are strings: kept as it is. Never together with `rest`. */
  let textRest = "";

  function finishLine(): void {
    if (rest.overflowed) sink.tooLong(decode(rest.head()), rest.length);
    else sink.line(decode(rest.bytes()));
    rest.clear();
  }

  function pushBytes(bytes: Uint8Array): void {
    const last = bytes.lastIndexOf(lineFeed);
    let from = 0;
    if (last !== -1 && rest.length > 0) {
      const first = bytes.indexOf(lineFeed);
      rest.append(bytes, 0, first);
      finishLine();
      from = first + 1;
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
    for (const line of splitBytes(bytes)) {
      rest.append(line, 0, line.length);
      finishLine();
    }
  }

  function pushText(text: string): void {
    const last = text.lastIndexOf("\n");
    if (last === -1) {
      textRest += text;
      return;
    }
    const first = text.indexOf("\n");
    sink.line(textRest + text.slice(0, first));
    if (first < last) splitText(text.slice(0, last), first + 1, sink.line);
    textRest = text.slice(last + 1);
  }

  function pushSteps(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += stepBytes) {
      pushBytes(bytes.subarray(at, at + stepBytes));
    }
  }

  function textRestToBytes(): void {
    const text = textRest;
    textRest = "";
    if (text !== "") pushSteps(utf8Encode(text));
  }

  return {
    push(chunk) {
      // A unit of text takes at most three bytes of UTF-8: so a short text holds no line that is too long.
      const short = (textRest.length + chunk.length) * 3 <= maxLineBytes;
      if (typeof chunk === "string" && short && rest.length === 0) {
        pushText(chunk);
        return;
      }
      textRestToBytes();
      pushSteps(typeof chunk === "string" ? utf8Encode(chunk) : chunk);
    },
    end() {
      textRestToBytes();
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

function splitText(text: string, start: number, line: (text: string) => void): void {
  let from = start;
  for (let to = text.indexOf("\n", from); to !== -1; to = text.indexOf("\n", from)) {
    line(text.slice(from, to));
    from = to + 1;
  }
  line(text.slice(from));
}

function* splitBytes(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  for (let to = bytes.indexOf(lineFeed); to !== -1; to = bytes.indexOf(lineFeed, from)) {
    yield bytes.subarray(from, to);
    from = to + 1;
  }
  yield bytes.subarray(from);
}
