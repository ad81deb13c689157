import { describe, expect, test } from "vitest";
import type { JobEvent } from "../src/index.ts";
import { recordings } from "./support/recordings.ts";
import { calm, type Chance } from "./support/simulated-cluster.ts";
import { type Watched, watchRecording } from "./support/watch-recording.ts";

const exit3 = recordings().find(({ state }) => state === "exit-3");
if (exit3 === undefined) throw new Error("there is no recording of exit-3");
const recording = exit3;

const polls = ({ events }: Watched): JobEvent[] =>
  events.filter((event) => event.type === "blind" && event.cause.includes("polling"));

describe("when all may not be watched", () => {
  test.each<[what: string, chance: Partial<Chance>, pollings: number]>([
    ["nothing but single Jobs", { mayWatch: (_at, isNamed) => isNamed }, 1],
    ["nothing", { mayWatch: () => false }, 2],
    ["nothing for a second", { mayWatch: (at) => at > 1_000 }, 2],
  ])("%s: the end is the same", async (_what, chance, pollings) => {
    const watched = await watchRecording(recording, { chance: { ...calm, ...chance } });
    expect(watched.events.at(-1)).toMatchObject({ end: { kind: "exited", exit: { code: 3 } } });
    // Pods have names that nobody knows beforehand; told at most every ten seconds.
    expect(polls(watched).length).toBeLessThanOrEqual(pollings);
    expect(watched.atMs).toBeLessThan(12_000);
  });

  test("it is tried again every minute, and lists end then", async () => {
    const open = { ...recording, messages: recording.messages.filter(({ at }) => at < 1_500) };
    const forMs = 30 * 60_000;
    const short = await watchRecording(open, { chance: { ...calm, mayWatch }, forMs: forMs / 2 });
    const long = await watchRecording(open, { chance: { ...calm, mayWatch }, forMs });
    // Two watches of four to eight minutes each, and nothing else.
    expect(long.requests - short.requests).toBeLessThanOrEqual(8);
    expect(long.requests - short.requests).toBe(long.watches - short.watches);
  });
});

function mayWatch(at: number): boolean {
  return at > 90_000;
}

test("a run of ten minutes needs at most twelve requests", async () => {
  const late = recording.messages.map((one) =>
    one.at > 1_500 ? { ...one, at: one.at + 600_000 } : one,
  );
  for (const random of [0, 0.25, 0.5, 0.75, 0.99]) {
    const watched = await watchRecording(
      { ...recording, messages: late },
      { random: () => random },
    );
    expect(watched.events.at(-1)).toMatchObject({ end: { kind: "exited", exit: { code: 3 } } });
    expect(watched.atMs).toBeGreaterThan(600_000);
    expect(watched.requests).toBeLessThanOrEqual(12);
  }
});
