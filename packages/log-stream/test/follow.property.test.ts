import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCursor } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

const start = 1_767_323_045_000_000_000n;

/** Few texts, so that lines repeat; some are longer than a record. */
const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("", "x", "same", "ünï—💡", "cr\r") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constant("long ".repeat(40)) },
);

/** A coarse clock repeats times; a fine one may be stepped back. */
const steps = fc.oneof(
  fc.constantFrom([0, 1_000_000], [0]),
  fc.constantFrom([17, 1_000_003], [7, 40_000_000, -30_000_011], [9, 60_000_000, -2_000_000_003]),
);

const lines = fc
  .tuple(fc.array(fc.tuple(text, fc.nat({ max: 9 })), { maxLength: 60 }), steps)
  .map(([rows, deltas]) => {
    let ns = start;
    return rows.map(([row, pick]) => {
      ns += BigInt(deltas[pick % deltas.length] ?? 0);
      return { ns, text: row.replaceAll("\n", "") };
    });
  });

const step: fc.Arbitrary<Step> = fc.record({
  before: fc.nat({ max: 12 }),
  during: fc.nat({ max: 30 }),
  bytes: fc.oneof(fc.constant(100_000), fc.nat({ max: 800 })),
  how: fc.constantFrom("end" as const, "cut" as const, "hang" as const),
  chunk: fc.integer({ min: 1, max: 200 }),
});

const world = fc.record({
  lines,
  script: fc.array(step, { maxLength: 8 }),
  recordBytes: fc.constantFrom(16, 64, 16_384),
  unterminated: fc.boolean(),
});

const seed = 20_260_101;

test("whatever the network does, every line comes once, in order, and the end is verified", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ lines: rows, script, recordBytes, unterminated }) => {
      const file = toFile(rows, { recordBytes, unterminated });
      const log = scriptedLog(file, script);
      const got = await collect(log);
      expect(got.texts).toEqual(rows.map((row) => row.text));
      expect(got.lines.map((line) => line.number)).toEqual(rows.map((_, i) => i + 1));
      expect(got.end).toMatchObject({ proof: "verified", lines: rows.length });
      expect(got.events.some((event) => event.type === "gap")).toBe(false);
      expect(log.open()).toBe(0);
    }),
    { numRuns: 400, seed },
  );
});

test("a second process that resumes from a stored cursor brings exactly the rest", async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.nat({ max: 60 }),
      async ({ lines: rows, script, recordBytes, unterminated }, stopAfterLines) => {
        const file = toFile(rows, { recordBytes, unterminated });
        const log = scriptedLog(file, script);
        const first = await collect(log, { stopAfterLines, limits: { maxBatchBytes: 1 } });
        const stored = first.events.findLast((event) => event.type === "lines")?.cursor;
        if (stored === undefined) return;
        const text = JSON.stringify(stored);
        expect(text.length).toBeLessThan(2_048);
        const second = await collect(log, { from: parseCursor(text) });
        expect([...first.texts, ...second.texts]).toEqual(rows.map((row) => row.text));
        expect(second.end).toMatchObject({ proof: "verified", lines: rows.length });
        expect(log.open()).toBe(0);
      },
    ),
    { numRuns: 300, seed },
  );
});

test("what rotation takes is lost only inside reported gaps", async () => {
  const rotating = fc.tuple(step, fc.boolean()).map(([plain, rotate]) => ({ ...plain, rotate }));
  // Every line is different, so that a lost one can be told.
  const numbered = fc.nat({ max: 60 }).map((count) =>
    Array.from({ length: count }, (_, i) => ({
      ns: start + BigInt(i) * 1_009n,
      text: `line ${i}`,
    })),
  );
  await fc.assert(
    fc.asyncProperty(numbered, fc.array(rotating, { maxLength: 8 }), async (rows, script) => {
      const got = await collect(scriptedLog(toFile(rows), script));
      let next = 0;
      for (const line of got.lines) {
        const at = rows.findIndex((row) => row.text === line.text);
        expect(at).toBeGreaterThanOrEqual(next);
        const told = next === 0 || at === next || line.afterGap === true;
        expect(told).toBe(true);
        next = at + 1;
      }
      const gaps = got.events.filter((event) => event.type === "gap");
      // A gap that nothing came after has no upper bound.
      const bounded = gaps.filter((gap) => gap.before !== undefined);
      expect(got.lines.filter((line) => line.afterGap)).toHaveLength(bounded.length);
      const isWhole = next === rows.length || got.texts.length === 0;
      expect(isWhole || bounded.length < gaps.length).toBe(true);
    }),
    { numRuns: 300, seed },
  );
});
