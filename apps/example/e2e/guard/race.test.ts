// Two processes are told of the same turn at the same time.
import { expect, test } from "vitest";
import { race, type RaceOptions, wrongOfRace } from "../../src/supervision/race.ts";
import { openWorld } from "./world.ts";

const isLong = process.env["CLAUDE_K8S_E2E_LONG"] === "1";
const cases: readonly RaceOptions[] = [
  { races: isLong ? 200 : 10, atOnce: 10, whenBusy: "fail" },
  { races: isLong ? 20 : 5, atOnce: 5, whenBusy: "wait" },
];

test.each(cases)(
  "$races races, and $whenBusy where the other was faster: one Job at a time",
  { timeout: isLong ? 580_000 : 150_000 },
  async (options) => {
    await using world = await openWorld();
    const races = await race(world, options);
    expect(races).toHaveLength(options.races);
    expect(races.flatMap((one) => wrongOfRace(one, options.whenBusy))).toEqual([]);
  },
);
