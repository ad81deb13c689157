// Runs every package's tests through turbo and closes with one line: "N passed, N failed".
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

const reports = "{.,packages/*,apps/*}/.reports/vitest.json";
for (const file of globSync(reports)) rmSync(file);

const run = spawnSync(
  "turbo",
  ["run", "test", "test:repository", "--continue", ...process.argv.slice(2)],
  {
    stdio: "inherit",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  },
);
const green = run.status === 0;

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of globSync(reports)) {
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A file that broke before its first test counts as one failure.
  failed += report.testResults.filter(
    (suite) =>
      suite.status === "failed" && suite.assertionResults.every((t) => t.status !== "failed"),
  ).length;
}
if (!green && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = green && failed === 0 && passed > 0 ? 0 : 1;
