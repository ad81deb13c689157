import { array, assert, asyncProperty, boolean, constantFrom, nat, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { exclusively } from "../src/index.ts";

describe("exclusively", () => {
  test("work of one key never overlaps and keeps its order; keys do not wait for each other", async () => {
    const piece = record({
      key: constantFrom("a", "b", "c"),
      gap: nat({ max: 9 }),
      steps: nat({ max: 5 }),
      fails: boolean(),
    });
    await assert(
      asyncProperty(array(piece, { maxLength: 12 }), async (pieces) => {
        const inside = new Set<string>();
        const left: Record<string, number[]> = { a: [], b: [], c: [] };
        const runs: Promise<number>[] = [];
        for (const [index, { key, gap, steps, fails }] of pieces.entries()) {
          await microtasks(gap);
          const run = exclusively(key, async () => {
            expect(inside.has(key)).toBe(false);
            inside.add(key);
            await microtasks(steps);
            inside.delete(key);
            left[key]?.push(index);
            if (fails) throw new Error(`piece ${index}`);
            return index;
          });
          run.catch(() => undefined); // Looked at below, when all have ended.
          runs.push(run);
        }
        const results = await Promise.allSettled(runs);
        for (const [index, { fails }] of pieces.entries())
          expect(results[index]).toMatchObject(
            fails
              ? { status: "rejected", reason: { message: `piece ${index}` } }
              : { status: "fulfilled", value: index },
          );
        for (const order of Object.values(left))
          expect(order).toEqual(order.toSorted((a, b) => a - b));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("another key enters while the first is inside", async () => {
    const entered: string[] = [];
    const open = new AbortController();
    const first = exclusively("a", async () => {
      entered.push("a");
      await new Promise((resolve) => open.signal.addEventListener("abort", resolve));
    });
    await exclusively("b", async () => void entered.push("b"));
    expect(entered).toEqual(["a", "b"]);
    open.abort();
    await first;
  });

  test("the first work of a key, and one after it has gone idle, begin within few microtasks", async () => {
    for (const round of [1, 2]) {
      let entered = 0;
      const work = exclusively("idle", async () => void (entered = round));
      for (let microtask = 0; microtask < 3; microtask += 1) await Promise.resolve();
      expect(entered).toBe(round);
      await work;
    }
  });

  test("a key whose work has ended is forgotten, however that ended: nobody is before the next", async () => {
    const ahead: number[] = [];
    const onWait = (count: number) => void ahead.push(count);
    await exclusively("f", async () => 1, onWait);
    await exclusively("f", () => Promise.reject(new Error("it failed")), onWait).catch(() => 2);
    const [third, fourth] = [3, 4].map((nth) => exclusively("f", async () => nth, onWait));
    await Promise.all([third, fourth]);
    await exclusively("f", async () => 5, onWait);
    expect(ahead).toEqual([1]);
  });

  test("work that throws instead of rejecting lets the next one in", async () => {
    const failed = exclusively("t", () => {
      throw new Error("at once");
    });
    await expect(failed).rejects.toThrow("at once");
    await expect(exclusively("t", async () => 2)).resolves.toBe(2);
  });
});

async function microtasks(count: number): Promise<void> {
  for (let microtask = 0; microtask < count; microtask += 1) await Promise.resolve();
}
