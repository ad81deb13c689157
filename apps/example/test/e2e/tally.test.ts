import { expect, test } from "vitest";
import { tallyOf } from "../../src/e2e/vitest.ts";

const passing = { status: "passed", assertionResults: [{ status: "passed" }] };
const failing = { status: "failed", assertionResults: [{ status: "failed" }] };
/** A file that threw before its first test. */
const broken = { status: "failed", assertionResults: [] };

test.each([
  ["all green", [5, 0, 2], [passing], true, { passed: 5, failed: 0, skipped: 2 }],
  ["a red test", [4, 1, 0], [passing, failing], false, { passed: 4, failed: 1, skipped: 0 }],
  ["a broken file", [4, 0, 0], [passing, broken], false, { passed: 4, failed: 1, skipped: 0 }],
  ["red without a red test", [4, 0, 0], [passing], false, { passed: 4, failed: 1, skipped: 0 }],
] as const)("%s", (_what, [passed, failed, pending], files, isGreen, tally) => {
  const report = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    testResults: files,
  };
  expect(tallyOf(report, isGreen)).toEqual(tally);
});
