import { expect, test } from "vitest";
import * as entry from "../src/index.ts";

test("the entry exports these values", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "JobManifestError",
    "buildNetworkPolicy",
    "buildRole",
    "buildRun",
    "forbiddenOverlayFields",
    "jobName",
    "labelValue",
    "ownedBy",
    "permissions",
    "validateRun",
  ]);
});
