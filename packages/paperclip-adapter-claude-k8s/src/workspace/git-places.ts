import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { isWithin } from "./may-mount.ts";

/** A folder besides the workspace that git reads or writes for it. */
export interface GitPlace {
  /** Absolute, as git's own files name it: git looks there. */
  readonly path: string;
  readonly what: string;
  readonly readOnly: boolean;
}

/**
 * What git needs for a folder besides that folder: the repository of a worktree, which it names by an absolute
 * path in its file `.git`; the working tree around a folder inside of one; object stores that are borrowed
 * (`objects/info/alternates`). Empty where no git is.
 * https://git-scm.com/docs/gitrepository-layout
 * @param folder absolute, without links
 * @param top the search for `.git` above the folder ends here
 */
export async function gitPlaces(folder: string, top: string): Promise<readonly GitPlace[]> {
  const tree = await workingTree(folder, top);
  if (tree === undefined) return [];
  const gitDir = await gitDirOf(tree);
  const common = await commonDir(gitDir);
  const found: GitPlace[] = [
    { path: tree, what: "the working tree around it", readOnly: false },
    { path: common, what: "the repository of its worktree", readOnly: false },
    { path: gitDir, what: "git's folder for it", readOnly: false },
    ...(await alternates(common)),
  ];
  return found.filter(
    (place, index) =>
      !isWithin(place.path, folder) &&
      !found.slice(0, index).some((earlier) => isWithin(place.path, earlier.path)),
  );
}

/** The nearest folder with a `.git`. */
async function workingTree(folder: string, top: string): Promise<string | undefined> {
  for (let at = folder; isWithin(at, top); at = path.dirname(at)) {
    if (await exists(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return undefined;
  }
  return undefined;
}

/** `.git` is a folder, or a file of one line `gitdir: PATH`. */
async function gitDirOf(tree: string): Promise<string> {
  const dotGit = path.join(tree, ".git");
  if ((await stat(dotGit)).isDirectory()) return dotGit;
  const named = /^gitdir: (.+)$/m.exec(await readFile(dotGit, "utf8"))?.[1];
  return named === undefined ? dotGit : path.resolve(tree, named.trim());
}

/** Of a worktree the file `commondir` leads to what all worktrees share. */
async function commonDir(gitDir: string): Promise<string> {
  const named = await contentOf(path.join(gitDir, "commondir"));
  return named === undefined ? gitDir : path.resolve(gitDir, named.trim());
}

async function alternates(common: string): Promise<GitPlace[]> {
  const objects = path.join(common, "objects");
  const lines = (await contentOf(path.join(objects, "info", "alternates")))?.split("\n") ?? [];
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => path.resolve(objects, line))
    .map((store) => ({ path: store, what: "objects that it borrows", readOnly: true }));
}

/** `undefined` for a file that is not there. */
async function contentOf(file: string): Promise<string | undefined> {
  return (await exists(file)) ? readFile(file, "utf8") : undefined;
}

async function exists(file: string): Promise<boolean> {
  try {
    await realpath(file);
    return true;
  } catch {
    return false; // Not there, or not for the server to see: then git does not see it either.
  }
}
