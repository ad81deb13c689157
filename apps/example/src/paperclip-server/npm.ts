import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { mustRun } from "../cluster/command.ts";

export interface NpmInstall {
  /** Where the packages' `node_modules` comes to be. Others may read it. */
  readonly folder: string;
  /** Names with versions, or tarballs. */
  readonly packages: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Installs packages into a folder of their own, as npm does it for an operator; without their install scripts,
 * which fetch what no registry holds. A folder that is there already is whole, and left as it is.
 * @throws ExampleError `EXAMPLE_COMMAND` when npm is missing or has no registry to ask
 */
export async function npmInstall({ folder, packages, signal }: NpmInstall): Promise<void> {
  if (existsSync(folder)) return;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await writeFile(join(partial, "package.json"), JSON.stringify({ private: true }));
    const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
    await mustRun("npm", ["install", ...quietly, ...packages], { cwd: partial, signal });
    await chmod(partial, 0o755);
    await moved(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Runs the install scripts of some packages of a folder, which `npmInstall` did not: those that need nothing from
 * elsewhere. Again does no harm.
 * @param scope names as they begin: `@scope/`
 */
export async function runInstallScripts(
  folder: string,
  scope: string,
  signal: AbortSignal,
): Promise<void> {
  const names = (await readdir(join(folder, "node_modules", scope))).map((name) => scope + name);
  await mustRun("npm", ["rebuild", "--no-update-notifier", ...names], { cwd: folder, signal });
}

/** Somebody else may have been quicker with the same. */
async function moved(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
