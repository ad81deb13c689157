import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../src/cluster/command.ts";
import { appFolder, repositoryFolder } from "../../src/folders.ts";
import { parsed } from "../../src/json.ts";
import { bundleBeside } from "../../src/replay/bundle.ts";
import type { ChildReport, ChildTask } from "./child.ts";

/** Builds the adapter as it is published, and a program that runs it; returns the program's file. */
export async function buildChild(signal: AbortSignal): Promise<string> {
  const args = ["--filter", "paperclip-adapter-claude-k8s...", "run", "build"];
  await mustRun("npx", ["-y", "pnpm@12", ...args], { cwd: repositoryFolder, signal });
  // Beside the packages, so that the adapter is found as an operator's server finds it.
  const folder = join(appFolder, "node_modules/.cache");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `bench-run-${process.pid}.mjs`);
  await writeFile(file, await bundleBeside("bench/run/child.ts", ["paperclip-adapter-claude-k8s"]));
  return file;
}

/** Removes what `buildChild` made. */
export function removeChild(file: string): Promise<void> {
  return rm(file, { force: true });
}

/** Runs the task in a plain Node process: types are stripped before, for the stripper has a size of its own. */
export async function inChild(
  file: string,
  task: ChildTask,
  signal: AbortSignal,
): Promise<ChildReport> {
  const said = await mustRun(process.execPath, [file], {
    env: { BENCH_TASK: JSON.stringify(task), NODE_OPTIONS: "" },
    signal,
  });
  return parsed<ChildReport>(said.trim().split("\n").at(-1) ?? "");
}
