import { describe, expect, test } from "vitest";

import { formatRecording } from "../../src/recorder/format-recording.ts";
import { parseRecording } from "../../src/recorder/parse-recording.ts";
import type { RecordedChunk, Recording } from "../../src/recorder/recording.ts";

const about = {
  about: "a test",
  program: "1.0",
  command: ["claude", "--print"],
  recordedAt: "2026-01-01T00:00:00.000Z",
  stdin: { bytes: 0, sha256: "" },
};

function chunk(at: number, stream: RecordedChunk["stream"], bytes: Uint8Array): RecordedChunk {
  return { at, stream, bytes: new Uint8Array(bytes) };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a recording's file gives back", () => {
  const cases: Record<string, Uint8Array> = {
    "plain text": utf8('{"type":"system"}\n'),
    "no newline at the end": utf8("half a li"),
    "newlines of all kinds": utf8("a\r\n\rb\n\u2028c\u2029\u0085\n\n"),
    "a byte order mark": utf8("\uFEFFa\n\uFEFF"),
    "characters beyond the basic plane": utf8("👩‍👩‍👧‍👦 cafe\u0301 שלום\n"),
    "a NUL": utf8("\0\u001B[31m"),
    "the head of a character": utf8("ä").subarray(0, 1),
    "the tail of a character": utf8("😀").subarray(2),
    "every byte": Uint8Array.from({ length: 256 }, (_, byte) => byte),
    "a surrogate as bytes": Uint8Array.of(0xed, 0xa0, 0xbd),
    nothing: new Uint8Array(),
  };
  test.each(Object.entries(cases))("%s", (_name, bytes) => {
    const recording: Recording = {
      about,
      chunks: [chunk(1, "stdout", bytes), chunk(1, "stderr", bytes), chunk(2.5, "stdout", bytes)],
      end: { at: 3, code: 0 },
    };
    expect(parseRecording(formatRecording(recording), "test")).toEqual(recording);
  });

  test("text as text, and other bytes as base64", () => {
    const chunks = [chunk(1, "stdout", utf8("ä\n")), chunk(2, "stderr", Uint8Array.of(0xff))];
    const lines = formatRecording({ about, chunks, end: { at: 3, signal: "SIGKILL" } }).split("\n");
    expect(lines.slice(1)).toEqual([
      '{"at":1,"out":"ä\\n"}',
      '{"at":2,"err64":"/w=="}',
      '{"at":3,"exit":{"signal":"SIGKILL"}}',
      "",
    ]);
  });
});

describe("what is no recording is refused by name, line and reason", () => {
  const first = JSON.stringify({ recording: 1, ...about });
  const end = '{"at":9,"exit":{"code":0}}';
  test.each([
    ["an empty file", "", /^f:1: .*got an empty file/],
    ["another file", '{"type":"system"}\n', /^f:1: .*"exit".*the end of the file/],
    ["another version", `{"recording":2}\n${end}\n`, /^f:1: .*Expected recording: 1; got 2/],
    ["a cut between lines", `${first}\n{"at":1,"out":"a"}\n`, /^f:2: .*was the recorder stopped/],
    ["a cut inside a line", `${first}\n{"at":1,"ou`, /^f:2: .*one JSON object a line; got \{"at"/],
    ["a line without content", `${first}\n{"at":1}\n${end}\n`, /^f:2: .*out, out64, err or err64/],
    ["a line without a time", `${first}\n{"out":""}\n${end}\n`, /^f:2: .*at: milliseconds/],
    ["a list", `${first}\n[]\n${end}\n`, /^f:2: .*a JSON object; got \[\]/],
    [
      "two ends in one",
      `${first}\n{"at":1,"exit":{"code":1,"signal":"SIGTERM"}}\n`,
      /^f:2: .*exit/,
    ],
    [
      "no command",
      `${JSON.stringify({ recording: 1, ...about, command: "x" })}\n${end}\n`,
      /command/,
    ],
  ])("%s", (_name, text, message) => {
    expect(() => parseRecording(text, "f")).toThrow(
      expect.objectContaining({
        code: "EXAMPLE_RECORDING",
        message: expect.stringMatching(message),
      }),
    );
  });
});
