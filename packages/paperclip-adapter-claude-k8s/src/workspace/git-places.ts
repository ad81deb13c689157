import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import path from "node:path";
import { unless } from "../disk-answer.ts";
import { isWithin } from "../within.ts";

/** A folder besides the workspace that git reads and writes for it. */
export interface GitPlace {
  /** Absolute, as git's own files name it: git looks there. */
  readonly path: string;
  readonly what: string;
  /** It is not to be mounted, whatever it is. */
  readonly why?: string;
}

/** More than this no file has that only names a path. */
const longestFile = 8 * 1024;

/**
 * What git needs for a folder besides that folder: the repository of a worktree, which it names by an absolute
 * path in its file `.git`; the working tree around a folder inside of one; object stores that are borrowed
 * (`objects/info/alternates`). Empty where no git is.
 *
 * These files are an agent's to write, and could name whatever it would like to have. So a repository is only
 * what names the worktree back, in files that lie in the repository; a store that is borrowed names nothing
 * back, and is never mounted.
 * https://git-scm.com/docs/gitrepository-layout
 * @param folder absolute, without links
 * @param top the search for `.git` above the folder ends here
 */
export async function gitPlaces(folder: string, top: string): Promise<readonly GitPlace[]> {
  const tree = await workingTree(folder, top);
  if (tree === undefined) return [];
  const repository = await repositoryOf(tree);
  const found: GitPlace[] = [
    { path: tree, what: "the working tree around it" },
    repository,
    ...(await alternates(repository.path)),
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
    const missing = await unless(["ENOENT", "EACCES"], lstat(path.join(at, ".git")));
    if (missing === undefined) return at;
    if (at === path.dirname(at)) return undefined;
  }
  return undefined;
}

/** `.git` is a folder, or a file of one line `gitdir: PATH`, for a worktree `REPOSITORY/worktrees/NAME`. */
async function repositoryOf(tree: string): Promise<GitPlace> {
  const dotGit = path.join(tree, ".git");
  const what = "the repository of its worktree";
  const named = /^gitdir: (.+)$/m.exec((await shortText(dotGit)) ?? "")?.[1];
  if (named === undefined) return { path: dotGit, what };
  const gitDir = path.resolve(tree, named.trim());
  const common = await pathIn(path.join(gitDir, "commondir"), gitDir);
  const back = await pathIn(path.join(gitDir, "gitdir"), gitDir);
  const isItsOwn = common !== undefined && path.dirname(gitDir) === path.join(common, "worktrees");
  return isItsOwn && back === dotGit
    ? { path: common, what }
    : { path: gitDir, what, why: "it does not name this folder as a worktree of its own" };
}

async function alternates(repository: string): Promise<GitPlace[]> {
  const objects = path.join(repository, "objects");
  const lines = ((await shortText(path.join(objects, "info", "alternates"))) ?? "").split("\n");
  const why = "it is only named by a file that agents can write";
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ path: path.resolve(objects, line), what: "objects that it borrows", why }));
}

/** A path that a file consists of, from `base` if it is relative. */
async function pathIn(file: string, base: string): Promise<string | undefined> {
  const text = (await shortText(file))?.trim();
  return text === undefined || text === "" ? undefined : path.resolve(base, text);
}

/**
 * The text of a short file; `undefined` for what is not there, no file, or longer. An agent may have put
 * anything in its place, such as a pipe that never answers.
 */
async function shortText(file: string): Promise<string | undefined> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  let text: string | undefined;
  const read = async (): Promise<void> => {
    await using handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > longestFile) return;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestFile), 0, longestFile, 0);
    text = buffer.toString("utf8", 0, bytesRead);
  };
  // A socket cannot be opened at all (ENXIO), nor a link (ELOOP).
  await unless(["ENOENT", "ENOTDIR", "EACCES", "ENXIO", "ELOOP"], read());
  return text;
}
