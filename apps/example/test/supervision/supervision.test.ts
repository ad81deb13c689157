// What `e2e guard` proves on a real cluster, on the emulator.
import { describe, expect, test } from "vitest";
import { recordingsFolder } from "../../src/folders.ts";
import { emulatedWorld } from "../../src/proofs/emulated-world.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { findRecording } from "../../src/replay/recordings-folder.ts";
import { frozen, type FrozenOptions } from "../../src/supervision/frozen.ts";
import { race, type RaceOptions, wrongOfRace } from "../../src/supervision/race.ts";
import { rollingRestart } from "../../src/supervision/rolling-restart.ts";
import { wrongOfFrozen, wrongOfRestart } from "../../src/supervision/wrong.ts";

const recorded = async (): Promise<Uint8Array> =>
  recordedBytes(await findRecording(recordingsFolder, "healthy"), "stdout");

test.each<RaceOptions>([
  { races: 10, atOnce: 10, whenBusy: "fail" },
  { races: 3, atOnce: 3, whenBusy: "wait" },
])("$races races of two processes, and $whenBusy: one Job at a time", async (options) => {
  await using world = await emulatedWorld();
  const races = await race(world, options);
  expect(races).toHaveLength(options.races);
  expect(races.flatMap((one) => wrongOfRace(one, options.whenBusy))).toEqual([]);
});

describe.concurrent("a process that stood still changes nothing, and says why, when it goes on", () => {
  test.for<FrozenOptions["thawed"]>(["while followed", "after the result"])(
    "%s by the other one",
    async (thawed, { expect }) => {
      await using world = await emulatedWorld();
      const supervision = { leaseMs: 1_000, renewEveryMs: 300, aliveMs: 650 };
      const proven = await frozen(world, { supervision, thawed, frozenMs: 2_000, speed: 2.5 });
      expect(wrongOfFrozen(proven, await recorded())).toEqual([]);
    },
  );
});

test("twenty runs of a process that is shut down go on in a new one, no line lost or twice", async () => {
  await using world = await emulatedWorld();
  const proven = await rollingRestart(world, { runs: 20, speed: 1.5 });
  expect(wrongOfRestart(proven, await recorded(), { adoptedWithinMs: 5_000 })).toEqual([]);
  expect(proven.runs).toHaveLength(20);
});
