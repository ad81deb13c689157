// A server with many runs is shut down and started anew.
import { expect, test } from "vitest";
import { recordingsFolder } from "../../src/folders.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { findRecording } from "../../src/replay/recordings-folder.ts";
import { rollingRestart } from "../../src/supervision/rolling-restart.ts";
import { wrongOfRestart } from "../../src/supervision/wrong.ts";
import { openWorld } from "./world.ts";

test("twenty runs go on in the new process: each adopted within 5 s, no line lost or twice", async () => {
  await using world = await openWorld();
  const recording = await findRecording(recordingsFolder, "healthy");
  const proven = await rollingRestart(world, { runs: 20, speed: 0.3 });
  const recorded = recordedBytes(recording, "stdout");
  expect(wrongOfRestart(proven, recorded, { adoptedWithinMs: 5_000 })).toEqual([]);
  expect(proven.runs).toHaveLength(20);
});
