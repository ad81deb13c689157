import { describe, expect, test } from "vitest";
import { brokenSchedules } from "./support/schedules.ts";

/** `pnpm soak watch` runs ten times as many. */
const schedules = 1_000;

describe("whatever happens to requests and watches on the way", () => {
  test.each(["watch", "switching", "poller"] as const)(
    "the end is right and comes once (%s)",
    async (way) => {
      expect(await brokenSchedules({ way, schedules: schedules / 2, seed: 1 })).toEqual([]);
    },
  );
});
