import type { JobEnd } from "../../src/index.ts";
import { type Recording, recordings } from "./recordings.ts";
import type { Chance } from "./simulated-cluster.ts";
import { watchRecording } from "./watch-recording.ts";

/**
 * `watch`: the hub, its watches cut, late and repeated. `switching`: watching is forbidden and allowed
 * again all the time. `poller`: reads alone.
 */
type Way = "watch" | "switching" | "poller";

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chanceOf(way: Way, random: () => number): Chance {
  // Each schedule has its own temper: some are nearly calm, some hardly let anything through.
  const [loss, repeat, late, slow] = [
    random() * 0.3,
    random() * 0.5,
    random() * 3_000,
    random() * 500,
  ];
  const period = 500 + random() * 90_000;
  const shift = random() * period;
  const cuts = ["clean", "reset", "expired", "garbage"] as const;
  return {
    latencyMs: () => random() * slow,
    delayMs: () => (random() < 0.3 ? random() * late : 0),
    fails: () => random() < loss,
    cut: () => (random() < loss ? (cuts[Math.floor(random() * cuts.length)] ?? "clean") : "no"),
    repeats: () => random() < repeat,
    mayWatch: (at, isNamed) => {
      if (way !== "switching") return true;
      const share = ((at + shift) % period) / period;
      return share < 0.4 || (isNamed && share < 0.7);
    },
  };
}

/**
 * What else may be found out of a state whose facts vanish while nobody looks. Everything that stays in
 * the cluster must be found.
 */
const alsoRight: Readonly<Record<string, (end: JobEnd) => boolean>> = {
  evicted: ({ kind }) => kind === "lost",
  preempted: ({ kind }) => kind === "lost",
  "disk-full": ({ kind }) => kind === "lost",
  "deadline-unscheduled": ({ kind }) => kind === "deadline",
  "job-deleted-background": ({ kind }) => kind === "deleted",
  // Known from an event alone, which may not be read in time.
  "no-account": isNoPod,
  quota: isNoPod,
  "quota-unspecified": isNoPod,
  "pod-security": isNoPod,
  "second-pod": ({ kind }) => kind === "repeated",
  expired: ({ kind }) => kind === "deleted",
};

function isNoPod(end: JobEnd): boolean {
  return end.kind === "not-started" && end.reason === "NoPod" && !end.sure;
}

/** Facts of these are gone within seconds: who saw nothing of the pod waits on, and is right to. */
const mayGoOn = new Set(["suspended-later"]);

export interface SchedulesOptions {
  readonly way: Way;
  readonly schedules: number;
  readonly seed: number;
  readonly only?: string;
}

/** Runs random schedules over all recordings; tells which went wrong, and how. */
export async function brokenSchedules(options: SchedulesOptions): Promise<readonly string[]> {
  const { way, schedules, seed, only } = options;
  const all = recordings().filter(({ state }) => only === undefined || state === only);
  if (all.length === 0) throw new Error(`there is no recording of ${only ?? "any state"}`);
  const broken: string[] = [];
  for (let nth = 0; nth < schedules; nth++) {
    const recording = all[nth % all.length];
    if (recording === undefined) break;
    const random = seeded(seed * 1_000_003 + nth);
    const last = recording.messages.at(-1)?.at ?? 0;
    // Some watches begin with the Job, some later, some when all is over.
    const late = random() < 0.5 ? 0 : Math.floor(random() * 1.3 * last);
    const watched = await watchRecording(recording, {
      by: way === "poller" ? "poller" : "hub",
      chance: chanceOf(way, random),
      random,
      beginsAtMs: late,
      // A Job that goes on is watched for long enough to be wrong.
      forMs: recording.end === undefined ? 120_000 : 30 * 60_000,
    });
    const problem = problemOf(recording, watched);
    if (problem !== undefined)
      broken.push(`${recording.state} (${way}, seed ${seed}, ${nth}): ${problem}`);
  }
  return broken;
}

function problemOf(
  recording: Recording,
  { events, error }: Awaited<ReturnType<typeof watchRecording>>,
): string | undefined {
  if (error !== undefined)
    return `threw ${error instanceof Error ? error.message : JSON.stringify(error)}`;
  const ends = events.flatMap((event) => (event.type === "end" ? [event.end] : []));
  const [end] = ends;
  if (ends.length > 1) return `${ends.length} ends`;
  if (end === undefined)
    return recording.end === undefined || mayGoOn.has(recording.state) ? undefined : "no end";
  if (events.at(-1)?.type !== "end") return "something came after the end";
  if (recording.end !== undefined && contains(end, recording.end)) return undefined;
  if (alsoRight[recording.state]?.(end) === true) return undefined;
  return `ended with ${JSON.stringify(end)}`;
}

/** Whether `actual` has all of `wanted`, nested. */
function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return actual === wanted;
  if (typeof actual !== "object" || actual === null) return false;
  const members = new Map(Object.entries(actual));
  return Object.entries(wanted).every(([key, value]) => contains(members.get(key), value));
}
