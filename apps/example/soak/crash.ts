// `pnpm soak crash`: a run's process is killed before and after each API call of its life, and another one goes on. On
// the emulator at every point; with $KUBECONFIG on that cluster too, at `--real N` points (14) spread over the life.
// Options: `--only TEXT` (points whose text holds it), `--sample N` and `--seed N` (so many of them), `--at-once N`.
import { parseArgs } from "node:util";
import { provideImage } from "../src/cluster/image.ts";
import { openCluster } from "../src/cluster/open-cluster.ts";
import { type CrashRow, crashMatrix, rehearse } from "../src/crash/crash-matrix.ts";
import type { CrashSettings } from "../src/crash/crash-settings.ts";
import { emulatedWorld } from "../src/proofs/emulated-world.ts";
import { pointText, sample } from "../src/crash/kill-points.ts";
import { realWorld } from "../src/proofs/real-world.ts";
import { heading, rowText } from "../src/crash/table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    sample: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    real: { type: "string", default: "14" },
    "at-once": { type: "string", default: "4" },
    "no-emulator": { type: "boolean", default: false },
  },
});

const print = (text: string): void => console.log(text);

const emulated: CrashSettings = {
  speed: 2.5,
  supervision: { leaseMs: 2_000, renewEveryMs: 600, aliveMs: 1_300, noteEveryMs: 700 },
  resultWithinMs: 60_000,
  open: emulatedWorld,
};

async function matrix(title: string, settings: CrashSettings, count: number): Promise<boolean> {
  const startedAt = performance.now();
  const all = await rehearse(settings);
  const wanted = all.filter((point) => pointText(point).includes(values.only));
  const points = sample(wanted, count, wholeNumber("seed"));
  console.log(`\n${title}: ${points.length} of ${all.length} points\n${heading()}`);
  const rows = await crashMatrix(settings, points, {
    atOnce: wholeNumber("at-once"),
    onRow: (row) => console.log(rowText(row)),
  });
  const bad = rows.filter(({ verdict }) => verdict.wrong.length > 0);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(`${rows.length} rows: ${deeds(rows)}; ${bad.length} bad, in ${seconds} s`);
  return bad.length === 0 && rows.length > 0;
}

function deeds(rows: readonly CrashRow[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of rows) counts.set(verdict.deed, (counts.get(verdict.deed) ?? 0) + 1);
  return [...counts].map(([deed, count]) => `${count} ${deed}`).join(", ");
}

function wholeNumber(name: "sample" | "seed" | "real" | "at-once"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new TypeError(`--${name} must be a whole number from 1, not ${values[name]}`);
}

let isGood = true;
if (!values["no-emulator"]) isGood = await matrix("emulator", emulated, wholeNumber("sample"));
if (process.env["KUBECONFIG"]) {
  const { signal } = new AbortController();
  const open = await openCluster({
    purpose: "crash",
    kindImage: undefined,
    onChosen: (title) => print(`\non ${title}`),
    signal,
  });
  try {
    const { name: image } = await provideImage(open, { image: undefined, say: print, signal });
    const given = { kubeConfig: open.kubeConfig, mark: open.mark, image };
    const real: CrashSettings = {
      speed: 0.8,
      supervision: { leaseMs: 5_000, renewEveryMs: 1_500, aliveMs: 3_300, noteEveryMs: 2_000 },
      resultWithinMs: 120_000,
      open: () => realWorld(given),
    };
    isGood = (await matrix("real cluster", real, wholeNumber("real"))) && isGood;
  } finally {
    const left = await open.close();
    if (left.length > 0) console.log(`still there: ${left.join(", ")}`);
    isGood = isGood && left.length === 0;
  }
}
process.exitCode = isGood ? 0 : 1;
