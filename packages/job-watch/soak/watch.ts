// `pnpm soak watch [--schedules N] [--seed N] [--only STATE]`: random schedules over recorded Jobs.
import { parseArgs } from "node:util";
import { brokenSchedules } from "../test/support/schedules.ts";

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const schedules = Number(values.schedules);
const seed = Number(values.seed);
let wrong = 0;
for (const way of ["watch", "switching", "poller"] as const) {
  const started = performance.now();
  const only = values.only === undefined ? {} : { only: values.only };
  const broken = await brokenSchedules({ way, schedules, seed, ...only });
  wrong += broken.length;
  for (const one of broken) console.log(one);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${way}: ${schedules} schedules in ${seconds} s, ${broken.length} wrong`);
}
process.exitCode = wrong === 0 ? 0 : 1;
