import { expect, test } from "vitest";
import * as entry from "../src/index.ts";

test("the entry offers these and nothing else", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "JobWatchError",
    "apiJobControl",
    "apiJobReader",
    "createJobHub",
    "createJobPoller",
    "describeEnd",
    "describeExit",
    "judge",
    "kubeJobControl",
    "kubeJobReader",
    "phaseTimes",
    "standingOfJob",
    "stopJob",
  ]);
});
