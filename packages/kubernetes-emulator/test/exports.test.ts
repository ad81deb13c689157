import { expect, test } from "vitest";

import * as entry from "../src/index.ts";

test("what the package exports", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "EmulatorError",
    "childProcessProgram",
    "createCertificate",
    "randomFaults",
    "startEmulator",
  ]);
});
