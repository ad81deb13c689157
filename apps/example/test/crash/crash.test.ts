// A few rows of the matrix of `pnpm soak crash`, others each day: a point that fails once can be run again by its text.
import { expect, test } from "vitest";
import { crashMatrix, rehearse } from "../../src/crash/crash-matrix.ts";
import { emulatedWorld } from "../../src/proofs/emulated-world.ts";
import { sample } from "../../src/crash/kill-points.ts";
import { rowText } from "../../src/crash/table.ts";

const rows = 4;

// Each row waits for a Lease to stand still, in processes that a busy machine starts slowly.
const limitMs = 120_000;

test(
  "a process that is killed loses nothing, wherever it was, and leaves nothing",
  { timeout: limitMs },
  async () => {
    const settings = {
      speed: 16,
      supervision: { leaseMs: 1_000, renewEveryMs: 300, aliveMs: 650, noteEveryMs: 250 },
      resultWithinMs: 50_000,
      open: emulatedWorld,
    };
    const seed = Math.floor(Date.now() / 86_400_000);
    const points = sample(await rehearse(settings), rows, seed);
    expect(points).toHaveLength(rows);
    const told: string[] = [];
    await crashMatrix(settings, points, {
      atOnce: 2,
      onRow: (row) => void (row.verdict.wrong.length > 0 && told.push(rowText(row))),
    });
    expect(told).toEqual([]);
  },
);
