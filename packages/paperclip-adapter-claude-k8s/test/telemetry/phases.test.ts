import type { RunPhase } from "@claude-k8s/job-watch";
import { expect, test } from "vitest";
import type { RunStep, Stretch } from "../../src/run/history.ts";
import { measured, phasesOf } from "../../src/telemetry/phases.ts";

/** `admit 0-10, follow 10-90`. */
function stretches<Name extends string>(text: string): Stretch<Name>[] {
  return text
    .split(", ")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", times = ""] = part.split(" ");
      const [from = "", to = ""] = times.split("-");
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rows below name what there is
      return { name: name as Name, from: Number(from), to: Number(to) };
    });
}

function text(phases: readonly Stretch<string>[]): string {
  return phases.map(({ name, from, to }) => `${name} ${from}-${to}`).join(", ");
}

const rows: [when: string, steps: string, seen: string, wanted: string][] = [
  ["a run that never got a Job", "admit 0-10, build 10-11", "", "admit 0-10, build 10-11"],
  [
    "a whole run",
    "admit 0-1, build 1-2, create 2-5, follow 5-90, clean_up 90-95",
    "queued 6-7, scheduling 7-20, pulling 20-30, starting 30-31, running 31-80, ending 80-95",
    "admit 0-1, build 1-2, create 2-5, schedule 6-20, pull 20-30, start 30-31, run 31-80, settle 80-90, clean_up 90-95",
  ],
  [
    "an image that is pulled again",
    "follow 0-50",
    "pulling 1-5, starting 5-6, pulling 6-9, starting 9-10, running 10-50",
    "pull 1-5, start 5-6, pull 6-9, start 9-10, run 10-50",
  ],
  [
    "a stop: what the Job does meanwhile is part of it",
    "follow 0-50, stop 50-70",
    "starting 0-5, running 5-60, ending 60-70",
    "start 0-5, run 5-50, stop 50-70",
  ],
  ["a Job whose phases nobody saw", "create 0-5, follow 5-9", "", "create 0-5"],
  [
    "a phase that begins as the following ends",
    "follow 0-50, clean_up 50-60",
    "running 5-50, ending 50-60",
    "run 5-50, clean_up 50-60",
  ],
  [
    "a guard that was asked again",
    "admit 0-5, build 5-6, create 6-7, admit 7-9, create 9-10",
    "",
    "admit 0-5, build 5-6, create 6-7, admit 7-9, create 9-10",
  ],
];

test.each(rows)("the phases of %s", (_when, steps, seen, wanted) => {
  const history = { steps: stretches<RunStep>(steps), stretches: stretches<RunPhase>(seen) };
  expect(text(phasesOf(history))).toBe(wanted);
});

const measures: [when: string, phases: string, isAdopted: boolean, wanted: object][] = [
  ["nothing", "", false, {}],
  [
    "those that say something of a cluster, those that come again in sum",
    "admit 0-1500, build 1500-1600, pull 2000-3000, start 3000-3250, pull 3250-4250, run 5000-65000, settle 65000-66000, clean_up 66000-67000",
    false,
    { admit: 1.5, pull: 2, start: 0.25, run: 60, settle: 1 },
  ],
  [
    "of an adopted Job only what is this run's own",
    "admit 0-500, pull 1000-2000, run 2000-9000, settle 9000-9500",
    true,
    { admit: 0.5, settle: 0.5 },
  ],
  ["a phase of no length", "schedule 5-5", false, { schedule: 0 }],
];

test.each(measures)("measured: %s", (_when, phases, isAdopted, wanted) => {
  expect(Object.fromEntries(measured(stretches(phases), { isAdopted }))).toEqual(wanted);
});
