import { expect, test } from "vitest";
import { createTranscript, parseStream } from "../src/index.ts";
import type { ClaudeEvent } from "../src/index.ts";
import { read, lines } from "./support/read.ts";
import { singleBytes } from "./support/pieces.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("only LF ends a line: U+2028, U+2029 and CR stand inside it", () => {
  const line = lines({ type: "result", result: "a\u2028b\u2029c\rd" });
  expect(line).toContain("\u2028");
  const { events } = read([bytes(line)]);
  expect(events).toMatchObject([{ type: "result", text: "a\u2028b\u2029c\rd" }]);
});

test("CRLF line ends do no harm", () => {
  const { events } = read([bytes('{"type":"a"}\r\n{"type":"b"}\r\n')]);
  expect(events).toMatchObject([{ name: "a" }, { name: "b" }]);
});

test("a byte order mark before the first event does no harm, in bytes or in text", () => {
  const text = `\ufeff{"type":"result","result":"x"}\n`;
  for (const piece of [bytes(text), text]) {
    expect(read([piece]).events).toMatchObject([{ type: "result", text: "x" }]);
  }
});

test("malformed bytes become U+FFFD and harm no other line", () => {
  const broken = Uint8Array.of(
    ...bytes('{"type":"result","result":"'),
    0xe6,
    0xbc,
    ...bytes('"}\n{"type":"b"}\n'),
  );
  const { events } = read(singleBytes(broken));
  expect(events).toMatchObject([{ type: "result", text: "\ufffd" }, { name: "b" }]);
});

test("an event comes out with the piece that ends its line, not later", () => {
  const transcript = createTranscript();
  expect(transcript.push('{"type":"a"')).toEqual([]);
  expect(transcript.push("}\n{")).toMatchObject([{ name: "a" }]);
  expect(transcript.end()).toMatchObject([{ type: "noise", reason: "cut_off", text: "{" }]);
});

test.each<[name: string, pieces: (string | Uint8Array)[]]>([
  ["text", ['{"type":', '"b"}\n{"ty', 'pe":"c"}\n']],
  ["text, then bytes", ['{"type":', bytes('"b"}\n{"ty'), bytes('pe":"c"}\n')]],
  ["bytes, then text", [bytes('{"type":'), '"b"}\n{"ty', 'pe":"c"}\n']],
])("pieces of %s make the same lines", (_name, pieces) => {
  expect(read(pieces)).toEqual(read(['{"type":"b"}\n{"type":"c"}\n']));
});

test.each([["bytes"], ["text"]])(
  "a line over the limit is skipped, not the stream (%s)",
  (form) => {
    const text = lines({ type: "a" }, { type: "result", result: "x".repeat(500) }, { type: "b" });
    const { events, summary } = read([form === "text" ? text : bytes(text)], { maxLineBytes: 100 });
    expect(events).toMatchObject([
      { name: "a" },
      {
        type: "noise",
        reason: "too_long",
        length: text.split("\n")[1]?.length,
        text: text.split("\n")[1]?.slice(0, 500),
      },
      { name: "b" },
    ]);
    expect(summary.partial.skippedLines).toBe(true);
  },
);

test("a line over the limit at the end of the stream is reported too", () => {
  const { events } = read(singleBytes(bytes(`{"type":"a"}\n${"x".repeat(101)}`)), {
    maxLineBytes: 100,
  });
  expect(events).toMatchObject([{ name: "a" }, { reason: "too_long", length: 101 }]);
});

test("the limit counts bytes, not characters", () => {
  const line = `${"漢".repeat(34)}\n`;
  for (const piece of [line, bytes(line)]) {
    expect(read([piece], { maxLineBytes: 101 }).events).toMatchObject([
      { reason: "too_long", length: 102 },
    ]);
    expect(read([piece], { maxLineBytes: 102 }).events).toMatchObject([{ reason: "not_json" }]);
  }
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  "maxLineBytes %d is refused by name",
  (maxLineBytes) => {
    expect(() => createTranscript({ maxLineBytes })).toThrow(
      `maxLineBytes must be a positive integer, got ${maxLineBytes}`,
    );
  },
);

test("push after end is refused; a second end gives nothing", () => {
  const transcript = createTranscript();
  transcript.push('{"type":"a"}');
  expect(transcript.end()).toMatchObject([{ name: "a" }]);
  expect(transcript.end()).toEqual([]);
  expect(() => transcript.push("x")).toThrow("push after end");
});

test("parseStream takes lines with and without LF, several in one string, and bytes", async () => {
  expect(
    seen(await collect(['{"type":"a"}', '{"type":"b"}\n', '{"type":"c"}\n{"type":"d"}'])),
  ).toEqual(["a", "b", "c", "d"]);
  expect(seen(await collect([bytes('{"type":"a"}\n{"ty'), bytes('pe":"b"}')]))).toEqual(["a", "b"]);
});

test("breaking out of parseStream ends its source", async () => {
  let released = false;
  async function* source(): AsyncGenerator<string> {
    try {
      for (;;) yield '{"type":"a"}';
    } finally {
      released = true;
    }
  }
  for await (const event of parseStream(source())) {
    expect(event.type).toBe("other");
    break;
  }
  expect(released).toBe(true);
});

function seen(events: ClaudeEvent[]): string[] {
  return events.map((event) => (event.type === "other" ? event.name : event.type));
}

async function collect(items: (string | Uint8Array)[]): Promise<ClaudeEvent[]> {
  async function* source(): AsyncGenerator<string | Uint8Array> {
    yield* items;
  }
  const events: ClaudeEvent[] = [];
  for await (const event of parseStream(source())) events.push(event);
  return events;
}
