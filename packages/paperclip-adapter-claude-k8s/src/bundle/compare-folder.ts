import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type BundleFile, byPath } from "./bundle-file.ts";

/**
 * What keeps a folder from being exactly these files, readable by everyone, such as `a/b has another content`;
 * `undefined` when nothing does. Modes are not compared whole: for a pod's group the kubelet widens them.
 * @throws when it cannot be read; `ENOENT` when there is no such folder
 */
export async function difference(
  folder: string,
  files: readonly BundleFile[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const wanted = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap(({ path: inside }) => parentsOf(inside)));
  const found = new Set<string>();
  const look = async (inside: string): Promise<string | undefined> => {
    signal.throwIfAborted();
    const at = path.join(folder, inside);
    const stats = await lstat(at);
    if (!stats.isDirectory()) return "it is no folder";
    if ((stats.mode & 0o005) !== 0o005) return `${inside || "the folder"} is closed to pods`;
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const name = path.posix.join(inside, entry.name);
      const file = wanted.get(name);
      const isKnown = entry.isDirectory() ? folders.has(name) : entry.isFile() && file;
      if (!isKnown) return `${name} does not belong there`;
      const problem = file === undefined ? await look(name) : await fileProblem(at, name, file);
      if (problem !== undefined) return problem;
      if (file !== undefined) found.add(name);
    }
    return undefined;
  };
  const problem = await look("");
  if (problem !== undefined) return problem;
  const missing = files.toSorted(byPath).find((file) => !found.has(file.path));
  return missing === undefined ? undefined : `${missing.path} is missing`;
}

async function fileProblem(
  at: string,
  name: string,
  { content, isExecutable }: BundleFile,
): Promise<string | undefined> {
  const file = path.join(at, path.basename(name));
  const { size, mode } = await lstat(file);
  if ((mode & 0o004) === 0) return `${name} is closed to pods`;
  // Some network disks let everything be run; that does no harm.
  if (isExecutable && (mode & 0o001) === 0) return `${name} cannot be run`;
  // Its size is looked at first: what is there may be anything.
  const isSame = size === content.length && (await readFile(file)).equals(content);
  return isSame ? undefined : `${name} has another content`;
}

/** `a` and `a/b` of `a/b/c`. */
export function parentsOf(inside: string): string[] {
  const parts = inside.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
