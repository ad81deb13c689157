// `pnpm soak watch [--schedules N] [--seed N] [--only STATE]`: random schedules over recorded Jobs.
import { soakOptions } from "../../../scripts/soak-options.ts";
import { brokenSchedules } from "../test/support/schedules.ts";

const { schedules, seed, values } = soakOptions(10_000, { only: { type: "string" } });
const only = typeof values["only"] === "string" ? { only: values["only"] } : {};
let wrong = 0;
for (const way of ["watch", "switching", "poller"] as const) {
  const started = performance.now();
  const broken = await brokenSchedules({ way, schedules, seed, ...only });
  wrong += broken.length;
  for (const one of broken) console.log(one);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${way}: ${schedules} schedules in ${seconds} s, ${broken.length} wrong`);
}
process.exitCode = wrong === 0 ? 0 : 1;
