import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { endGroup, mustRun } from "../cluster/command.ts";
import { appFolder } from "../folders.ts";
import { parsed } from "../json.ts";
import { type Suite, suitesVariable } from "./suites.ts";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const program = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);
const config = ["--config", join(appFolder, "vitest.e2e.config.ts")];
const reportFile = join(appFolder, ".reports/e2e.json");

/** Between asking vitest to end and ending it. */
const patienceMs = 10_000;

/**
 * Runs the suite's tests in a process group of their own; what they print is printed here. On abort
 * they are asked to end, and ended when they do not.
 */
export async function runTests(options: {
  readonly env: Readonly<Record<string, string>>;
  readonly only: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Tally> {
  rmSync(reportFile, { force: true });
  const only = options.only === undefined ? [] : ["--testNamePattern", escaped(options.only)];
  const code = await spawned(["run", ...config, ...only], options);
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 };
  return tallyOf(parsed<Report>(readFileSync(reportFile, "utf8")), code === 0);
}

/** The names of the tests, as they would run. */
export async function listTests(
  suites: readonly Suite[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await mustRun(process.execPath, [program, "list", ...config, "--json"], {
    cwd: appFolder,
    env: { [suitesVariable]: suites.map(({ name }) => name).join(",") },
    signal,
  });
  return parsed<readonly { name: string }[]>(listed).map(({ name }) => name);
}

/** A file that broke before its first test, and a red run without a red test, are failures too. */
export function tallyOf(report: Report, isGreen: boolean): Tally {
  const broken = report.testResults.filter(
    (file) =>
      file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !isGreen ? 1 : failed,
    skipped: report.numPendingTests,
  };
}

function spawned(
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<number> {
  const { env, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: appFolder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    let escalation: NodeJS.Timeout | undefined;
    const stop = (): void => {
      endGroup(child.pid, "SIGTERM");
      escalation = setTimeout(() => endGroup(child.pid, "SIGKILL"), patienceMs);
    };
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(escalation);
      signal.removeEventListener("abort", stop);
      resolve(code ?? 1);
    });
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
