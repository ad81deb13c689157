import { chmod, mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { BundleFile } from "./bundle-file.ts";
import { parentsOf } from "./compare-folder.ts";
import { unless } from "../disk-answer.ts";

/** Of a network's disk, where each file is a few round trips. */
const atOnce = 8;

/**
 * Writes files into a new folder, for everyone to read, and waits until the disk has them.
 * @throws `EEXIST` when the folder is there already
 */
export async function writeFolder(
  folder: string,
  files: readonly BundleFile[],
  signal: AbortSignal,
): Promise<void> {
  await makeFolder(folder);
  const folders = [...new Set(files.flatMap(({ path: inside }) => parentsOf(inside)))].toSorted();
  for (const inside of folders) await makeFolder(path.join(folder, inside));
  for (let start = 0; start < files.length; start += atOnce) {
    signal.throwIfAborted();
    const some = files.slice(start, start + atOnce);
    await Promise.all(some.map((file) => writeOne(path.join(folder, file.path), file)));
  }
  for (const inside of folders.toReversed()) await syncFolder(path.join(folder, inside));
  await syncFolder(folder);
}

/** The modes are set apart: what a creation asks for is narrowed by the process's umask. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder);
  await chmod(folder, 0o755);
}

async function writeOne(
  file: string,
  { content, isExecutable }: Pick<BundleFile, "content" | "isExecutable">,
): Promise<void> {
  await using handle = await open(file, "wx");
  await handle.writeFile(content);
  await handle.chmod(isExecutable ? 0o755 : 0o644);
  await handle.sync();
}

/** What a disk says that cannot write a folder down by itself; its files are written down then. */
const cannotSync = ["EINVAL", "ENOTSUP", "EISDIR", "EPERM", "EBADF"];

/** Waits until the disk has the names in a folder. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await unless(cannotSync, handle.sync());
}
