// `pnpm soak guard`: twenty thousand random interleavings of two to four processes over one guard key, with crashes,
// pauses and lost requests: never two programs at once, every Job supervised, collected or swept, no deadlock.
// Options: `--schedules N`, `--seed N` (of the first), `--show`. A schedule that fails is printed with its seed:
// `pnpm soak guard --seed N --schedules 1 --show` runs it again.
import { soakOptions } from "../../../scripts/soak-options.ts";
import { runSchedule } from "../test/support/run-schedule.ts";

const options = soakOptions(20_000, { show: { type: "boolean", default: false } });
const { schedules, seed: first } = options;
const isShown = options.values["show"] === true;
const sum = { steps: 0, crashes: 0, pauses: 0, ran: 0, adopted: 0, collected: 0 };
let failed = 0;
const startedAt = performance.now();
for (let seed = first; seed < first + schedules; seed += 1) {
  const outcome = await runSchedule(seed);
  sum.steps += outcome.steps;
  sum.crashes += outcome.crashes;
  sum.pauses += outcome.pauses;
  sum.ran += outcome.ran;
  sum.adopted += outcome.adopted;
  sum.collected += outcome.collected;
  if (isShown) console.log(outcome.trace.join("\n"));
  if (outcome.wrong.length > 0) {
    failed += 1;
    console.log(`seed ${seed}: ${outcome.wrong.join("; ")}`);
  }
  const done = seed - first + 1;
  if (done % 2_000 === 0) console.log(`${done} schedules so far`);
}
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
const counts = Object.entries(sum).map(([what, count]) => `${count} ${what}`);
console.log(`${schedules} schedules: ${counts.join(", ")}; ${failed} failed, in ${seconds} s`);
process.exitCode = failed === 0 ? 0 : 1;
