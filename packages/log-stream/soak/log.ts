// `pnpm soak log`: ten thousand random programs, networks and nodes over the emulator's sockets; what was delivered
// must be what was written, in order, outside reported gaps. Options: `--schedules N`, `--seed N` (of the first), `--show`.
// A schedule that fails is printed with its seed: `pnpm soak log --seed N --schedules 1 --show` runs it again.
import { soakOptions } from "../../../scripts/soak-options.ts";
import { runSchedule } from "../test/support/run-schedule.ts";
import { scheduleOf } from "../test/support/schedule.ts";

const options = soakOptions(10_000, { show: { type: "boolean", default: false } });
const { schedules, seed: first } = options;
const isShown = options.values["show"] === true;
/** At once: most of a schedule's time is waiting. */
const lanes = 16;

const sum = { schedules: 0, lines: 0, faults: 0, gaps: 0, failed: 0, uncaught: 0 };
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => {
    sum.uncaught++;
    console.log("uncaught:", error);
  });

let next = first;
const startedAt = performance.now();
await Promise.all(Array.from({ length: Math.min(lanes, schedules) }, lane));
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
console.log(
  `${sum.schedules} schedules, ${sum.lines} lines, ${sum.faults} faults injected, ${sum.gaps} gaps reported, ` +
    `${sum.uncaught} uncaught errors, ${sum.failed} failed, in ${seconds} s`,
);
process.exitCode = sum.failed + sum.uncaught === 0 ? 0 : 1;

async function lane(): Promise<void> {
  while (next < first + schedules) {
    const seed = next++;
    const schedule = scheduleOf(seed);
    if (isShown) console.log(JSON.stringify(schedule, undefined, 2));
    const outcome = await runSchedule(
      schedule,
      isShown ? (event) => console.log(JSON.stringify(event)) : undefined,
    );
    sum.schedules++;
    sum.lines += outcome.lines;
    sum.faults += outcome.faults;
    sum.gaps += outcome.gaps;
    if (outcome.wrong.length > 0) {
      sum.failed++;
      console.log(`seed ${seed}: ${outcome.wrong.join("; ")}`);
    }
    if (sum.schedules % 1_000 === 0) console.log(`${sum.schedules} schedules so far`);
  }
}
