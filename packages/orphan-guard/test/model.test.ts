import { expect, test } from "vitest";
import { runSchedule } from "./support/run-schedule.ts";

/** `pnpm soak guard` runs twenty thousand. */
const schedules = 1_500;

test("no order of calls, crashes and pauses makes two programs run, or leaves anything", async () => {
  const sum = { crashes: 0, pauses: 0, ran: 0, adopted: 0, collected: 0 };
  const wrong: string[] = [];
  for (let seed = 1; seed <= schedules; seed += 1) {
    const outcome = await runSchedule(seed);
    wrong.push(...outcome.wrong.map((what) => `seed ${seed}: ${what}`));
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += outcome[key];
  }
  expect(wrong).toEqual([]);
  // It has not been quiet.
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(schedules / 2);
}, 180_000);

test("the model finds it when a name gets free before the pod is gone", async () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= 200; seed += 1)
    wrong.push(...(await runSchedule(seed, "background")).wrong);
  expect(wrong.join()).toContain("runs beside");
});
