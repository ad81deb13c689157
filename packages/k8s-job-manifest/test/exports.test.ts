import { expect, test } from "vitest";
import * as entry from "../src/index.ts";

test("the entry exports these values", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "JobManifestError",
    "buildClusterRole",
    "buildNetworkPolicy",
    "buildRole",
    "buildRun",
    "clusterPermissions",
    "forbiddenOverlayFields",
    "jobName",
    "labelValue",
    "ownedBy",
    "permissions",
    "quantity",
    "validateRun",
  ]);
});
