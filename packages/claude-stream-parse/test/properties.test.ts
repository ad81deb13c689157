import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { add, describe, nothingYet, parseLine, renderEvent, verdict } from "../src/index.ts";
import type { ClaudeEvent, ClaudeSummary } from "../src/index.ts";
import { randomPieces, seeded, singleBytes } from "./support/pieces.ts";
import { read } from "./support/read.ts";
import { same } from "./support/same.ts";

const settings = { seed: 20_260_101, numRuns: 300 };
const folder = new URL("fixtures/", import.meta.url);
const fixtures = readdirSync(folder).map(
  (name) => [name, readFileSync(new URL(name, folder))] as const,
);

/** Lines near the truth: real lines, JSON with the names that matter, noise; glued here and there. */
const realLines = fixtures.flatMap(([, bytes]) => bytes.toString().split("\n"));
const name = fc.constantFrom(
  "type",
  "subtype",
  "message",
  "content",
  "usage",
  "result",
  "uuid",
  "event",
  "__proto__",
  "modelUsage",
  "tasks",
  "errors",
  "session_id",
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      null,
      true,
      0,
      1e308,
      "",
      "init",
      "system",
      "assistant",
      "result",
      "success",
      "user",
      "stream_event",
      "<synthetic>",
    ),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
const line = fc.oneof(
  fc.constantFrom(...realLines),
  json.map((value) => JSON.stringify(value)),
  fc
    .dictionary(name, json, { maxKeys: 8, noNullPrototype: true })
    .map((value) => JSON.stringify({ type: "assistant", ...value })),
  fc.string({ unit: "grapheme" }),
  fc.tuple(fc.string(), fc.constantFrom(...realLines)).map(([noise, event]) => noise + event),
);
const stream = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("", "\n"))
  .map(([lines, tail]) => new TextEncoder().encode(lines.join("\n") + tail));

test.each(fixtures)("%s: at every cut, the same events and summary", (_name, bytes) => {
  const whole = read([bytes]);
  for (let at = 0; at <= bytes.length; at++) {
    // Not toEqual: it takes seconds for thousands of cuts.
    expect(same(read([bytes.subarray(0, at), bytes.subarray(at)]), whole), `cut at ${at}`).toBe(
      true,
    );
  }
  expect(read(singleBytes(bytes))).toEqual(whole);
});

test("the comparison of cuts sees differences", () => {
  const { events, summary } = read(fixtures.map(([, bytes]) => bytes));
  expect(
    same(
      { events, summary },
      { events: structuredClone(events), summary: structuredClone(summary) },
    ),
  ).toBe(true);
  expect(same(events, events.slice(1))).toBe(false);
  expect(same(summary, { ...summary, turns: 99 })).toBe(false);
  expect(same(summary.memory, { ...summary.memory, messages: new Map() })).toBe(false);
});

test("any pieces of any stream: the same events and summary", () => {
  fc.assert(
    fc.property(stream, fc.nat(), (bytes, seed) => {
      expect(read(randomPieces(bytes, seeded(seed)))).toEqual(read([bytes]));
    }),
    settings,
  );
});

test("whole characters of text are read as their bytes are", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }), (pieces) => {
      const bytes = new TextEncoder().encode(pieces.join(""));
      expect(read(pieces)).toEqual(read([bytes]));
    }),
    settings,
  );
});

test("add over the events is what createTranscript makes of the bytes", () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const { events, summary } = read([bytes]);
      expect(events.reduce(add, nothingYet)).toEqual(summary);
    }),
    settings,
  );
});

test("add leaves the summary before as it was", () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const { events } = read([bytes]);
      const before: [ClaudeSummary, string][] = [];
      events.reduce((summary: ClaudeSummary, event: ClaudeEvent) => {
        before.push([summary, shown(summary)]);
        return add(summary, event);
      }, nothingYet);
      for (const [summary, then] of before) expect(shown(summary)).toBe(then);
    }),
    { ...settings, numRuns: 50 },
  );
  expect(nothingYet.end).toBe("nothing");
});

test("arbitrary bytes and arbitrary lines never throw, and say something sensible", () => {
  fc.assert(
    fc.property(fc.oneof(stream, fc.uint8Array({ maxLength: 500 })), (bytes) => {
      const { events, summary } = read([bytes]);
      expect(verdict(summary, { exitCode: 1 }).message).not.toBe("");
      expect(describe(summary)).not.toBe("");
      for (const event of events) expect(renderEvent(event).join("")).not.toMatch(/\p{Cc}/u);
    }),
    settings,
  );
  fc.assert(
    fc.property(fc.oneof(line, fc.string({ unit: "binary" })), (text) => {
      expect(parseLine(text).type).not.toBe("");
    }),
    settings,
  );
});

/** Everything in a summary, its Sets and Maps too. */
function shown(summary: ClaudeSummary): string {
  return JSON.stringify(summary, (_key, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  );
}
