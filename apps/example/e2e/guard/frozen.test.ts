// A process stands still, as in a machine that is suspended, and goes on when another one has taken over.
import { describe, expect, test } from "vitest";
import { recordingsFolder } from "../../src/folders.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { findRecording } from "../../src/replay/recordings-folder.ts";
import { frozen, type FrozenOptions } from "../../src/supervision/frozen.ts";
import { shortTimes, usualTimes } from "../../src/supervision/turn.ts";
import { wrongOfFrozen } from "../../src/supervision/wrong.ts";
import { openWorld } from "./world.ts";

const isLong = process.env["CLAUDE_K8S_E2E_LONG"] === "1";
/** The program outlives the sleep; with the usual times that is a minute. */
const times = isLong
  ? { supervision: usualTimes, frozenMs: 60_000, speed: 0.15 }
  : { supervision: shortTimes, frozenMs: 8_000, speed: 0.8 };

describe.concurrent("a process that stood still changes nothing, and says why, when it goes on", () => {
  test.for<FrozenOptions["thawed"]>(["while followed", "after the result"])(
    "%s by the other one",
    { timeout: 300_000 },
    async (thawed) => {
      await using world = await openWorld();
      const recording = await findRecording(recordingsFolder, "healthy");
      const proven = await frozen(world, { ...times, thawed });
      expect(wrongOfFrozen(proven, recordedBytes(recording, "stdout"))).toEqual([]);
    },
  );
});
