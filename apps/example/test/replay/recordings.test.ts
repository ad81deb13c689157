import { readRecording } from "../../src/recorder/read-recording.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { recordingsFolder } from "../../src/folders.ts";
import { recordingFile, recordingNames } from "../../src/replay/recordings-folder.ts";
import { describe, expect, test } from "vitest";

import { play } from "./support.ts";

const read = (name: string): ReturnType<typeof readRecording> =>
  readRecording(recordingFile(recordingsFolder, name));

test("the recordings are those that the README lists", async () => {
  expect(await recordingNames(recordingsFolder)).toEqual([
    "api-error",
    "auth-error",
    "healthy",
    "resumed",
    "truncated",
  ]);
});

describe.each([
  ["healthy", 0],
  ["resumed", 0],
  ["api-error", 1],
  ["auth-error", 1],
  ["truncated", 137],
] as const)("%s", (name, code) => {
  test.each(["0", "1", "2.5"])("is replayed exactly at speed %s", async (speed) => {
    const recording = await read(name);
    const env = { CLAUDE_REPLAY: name, CLAUDE_REPLAY_SPEED: speed };
    const played = await play({ env });
    expect(played.stdout.equals(recordedBytes(recording, "stdout"))).toBe(true);
    expect(played).toMatchObject({ code, stderr: "" });
    const total = played.sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeCloseTo(speed === "0" ? 0 : recording.end.at / Number(speed), 5);
  });
});

test("healthy is what a session with everything in it looks like", async () => {
  const bytes = Buffer.from(recordedBytes(await read("healthy"), "stdout"));
  const text = bytes.toString();
  expect(bytes.at(-1)).toBe(0x0a);
  const lines = text.split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThanOrEqual(60);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeGreaterThan(100_000);
  const events = lines.map((line): { type: string; subtype?: string; is_error?: boolean } =>
    JSON.parse(line),
  );
  // The CLI writes some characters as escapes: look at what a parser sees.
  const seen = JSON.stringify(events);
  const words = [
    "Grüße",
    "東京タワー",
    "한국어",
    "שלום",
    "مرحبا",
    "हिन्दी",
    "cafe\u0301",
    "👩‍👩‍👧‍👦",
    "\u2028",
  ];
  expect(words.filter((word) => !seen.includes(word))).toEqual([]);
  expect(events[0]).toMatchObject({ type: "system", subtype: "init" });
  expect(events.at(-1)).toMatchObject({ type: "result", subtype: "success", is_error: false });
});

test("truncated ends inside a line, without a result", async () => {
  const text = Buffer.from(recordedBytes(await read("truncated"), "stdout")).toString();
  expect(text.endsWith("\n")).toBe(false);
  expect(text).not.toContain('"subtype":"success"');
});

test.each(["api-error", "auth-error"])("%s ends with a result that is an error", async (name) => {
  const text = Buffer.from(recordedBytes(await read(name), "stdout")).toString();
  expect(JSON.parse(text.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ is_error: true });
});
