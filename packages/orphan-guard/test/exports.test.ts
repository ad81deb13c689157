import { expect, test } from "vitest";
import * as entry from "../src/index.ts";

test("the entry exports these values", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "OrphanGuardError",
    "admit",
    "annotations",
    "apiJobStore",
    "barelyLabel",
    "createRun",
    "createWhenFree",
    "decide",
    "epochOf",
    "exclusively",
    "isUnfinished",
    "isUnmarked",
    "isUnread",
    "knownJob",
    "kubeJobStore",
    "kubeLeaseStore",
    "labels",
    "lossText",
    "observeSupervision",
    "planSweep",
    "startSupervisor",
    "supervisorOf",
    "sweep",
  ]);
});
