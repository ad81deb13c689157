import { expect, test } from "vitest";
import { runSchedule } from "./support/run-schedule.ts";
import { scheduleOf } from "./support/schedule.ts";

// `pnpm soak log` runs ten thousand of them, and any one again by its seed.
const seeds = [
  // A clock that was set back, and a read that ended too early, once looked like a rotation.
  5_531,
  8_249,
  ...Array.from({ length: 160 }, (_, i) => 20_260_101 + i),
];

test(
  "random programs, networks and nodes: what was delivered is what was written",
  { timeout: 120_000 },
  async () => {
    const failed: { seed: number; wrong: readonly string[] }[] = [];
    for (let at = 0; at < seeds.length; at += 16) {
      const outcomes = seeds.slice(at, at + 16).map(async (seed) => {
        const { wrong } = await runSchedule(scheduleOf(seed));
        if (wrong.length > 0) failed.push({ seed, wrong });
      });
      await Promise.all(outcomes);
    }
    expect(failed).toEqual([]);
  },
);
