import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "tsup";

import { appFolder, recordingsFolder } from "../folders.ts";
import { recordingFile, recordingNames } from "./recordings-folder.ts";

export interface ImageContext {
  readonly dockerfile: string;
  /** The replay as one executable file; in the image `/usr/local/bin/claude`. */
  readonly claude: string;
  /** The recordings; in the image `/usr/local/share/claude-replay`. */
  readonly recordings: string;
}

/** Writes what `docker build FOLDER` needs. The folder is made if need be. */
export async function writeImageContext(folder: string): Promise<ImageContext> {
  const claude = join(folder, "bin/claude");
  const recordings = join(folder, "share/claude-replay");
  const dockerfile = join(folder, "Dockerfile");
  await mkdir(join(folder, "bin"), { recursive: true });
  await mkdir(recordings, { recursive: true });
  await writeFile(claude, await bundle());
  await chmod(claude, 0o755);
  for (const name of await recordingNames(recordingsFolder)) {
    await copyFile(recordingFile(recordingsFolder, name), recordingFile(recordings, name));
  }
  await copyFile(join(appFolder, "image/Dockerfile"), dockerfile);
  return { dockerfile, claude, recordings };
}

/**
 * `env` and `node` lie in other folders in other images; `sh` is needed anyway, and always in /bin.
 * For sh the second line is a no-op and an exec; for JavaScript a text and a comment.
 */
const startedBySh = `#!/bin/sh\n':' //; exec node "$0" "$@"`;

/** CommonJS, for a file without an extension is that to every Node. */
async function bundle(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "claude-replay-"));
  try {
    await build({
      config: false,
      entry: { claude: join(appFolder, "src/replay/main.ts") },
      outDir,
      format: "cjs",
      target: "node20",
      banner: { js: startedBySh },
      outExtension: () => ({ js: ".cjs" }),
      silent: true,
    });
    return await readFile(join(outDir, "claude.cjs"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
