import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { appFolder, recordingsFolder } from "../folders.ts";
import { bundle, bundleServer } from "./bundle.ts";
import { recordingFile, recordingNames } from "./recordings-folder.ts";
import { copyShells } from "./shells.ts";

export interface ImageContext {
  readonly dockerfile: string;
  /** Shells for trying one after the other: by name, the folder in the image whose `sh` it is. */
  readonly shells: Readonly<Record<string, string>>;
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
  const server = join(folder, "share/server-pod");
  await mkdir(server);
  await writeFile(join(server, "server.mjs"), await bundleServer());
  const shells = await copyShells(join(folder, "share/shells"));
  await copyFile(join(appFolder, "image/Dockerfile"), dockerfile);
  return { dockerfile, claude, recordings, shells };
}
