import { globSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mustRun } from "../cluster/command.ts";
import { repositoryFolder } from "../folders.ts";
import { parsed } from "../json.ts";
import { readFileSync } from "node:fs";
import { npmInstall } from "./npm.ts";

const adapter = "paperclip-adapter-claude-k8s";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

/**
 * Packs the adapter of this checkout and installs the tarball into a folder, as an operator would; with it those
 * of the libraries it needs, which no registry has yet.
 * @returns the installed package's folder
 */
export async function installPackedAdapter(folder: string, signal: AbortSignal): Promise<string> {
  const pnpm = ["-y", parsed<{ packageManager: string }>(read("package.json")).packageManager];
  await mustRun("npx", [...pnpm, "run", "build"], { cwd: repositoryFolder, signal });
  const tarballs = await mkdtemp(join(tmpdir(), "claude-k8s-packed-"));
  try {
    for (const file of globSync("packages/*/package.json", { cwd: repositoryFolder })) {
      if (parsed<Manifest>(read(file)).name.endsWith("-emulator")) continue;
      const cwd = join(repositoryFolder, dirname(file));
      await mustRun("npx", [...pnpm, "pack", "--pack-destination", tarballs], { cwd, signal });
    }
    const packages = globSync("*.tgz", { cwd: tarballs }).map((file) => join(tarballs, file));
    await mkdir(dirname(folder), { recursive: true });
    await npmInstall({ folder, packages, signal });
  } finally {
    await rm(tarballs, { recursive: true, force: true });
  }
  return join(folder, "node_modules", adapter);
}

function read(file: string): string {
  return readFileSync(join(repositoryFolder, file), "utf8");
}
