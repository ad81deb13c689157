import { constants } from "node:fs";
import { lchown, lstat, mkdir, open, readlink, realpath, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { unless } from "../disk-answer.ts";
import { textOf } from "../untyped.ts";
import type { ClaimMount } from "./claim-mounts.ts";

/** A session that an earlier adapter's pod wrote, and where a pod of ours will look for it. */
export interface EarlierSession {
  readonly id: string;
  /** Absolute; the program worked there then and works there now. `claude` keeps sessions by it. */
  readonly cwd: string;
  /** The run's claim, as this server sees its root. */
  readonly claimRoot: string;
  /** Folder of the claim that is the pod's home, relative to its root. */
  readonly home: string;
  /** As whom the pod writes. Default 1000, as its manifest says (`runAsUser`). */
  readonly podUser?: number;
}

const usualUser = 1000;
const maxBytes = 200 * 1024 * 1024;

/** Where the server sees a claim's root and may write; `undefined` where it sees none of it, or folders only. */
export function claimRoot(
  mounts: readonly ClaimMount[],
  claim: string | undefined,
): string | undefined {
  const root = mounts.find((one) => one.claim === claim && one.subPath === "" && !one.isReadOnly);
  return root === undefined ? undefined : root.mountPath || "/";
}

/**
 * Copies the session's file from the home that all agents shared, the claim's root, into the home of the run
 * that goes on with it. A file that is there already stays: it may have gone on since.
 *
 * Agents write in both homes, and this process reads and writes more than they may. So no link is followed:
 * what was opened must lie where it was looked for (`/proc/self/fd`, so on Linux only).
 * @returns why it could not be, in words; `undefined`: it is there
 */
export async function bringEarlierSession(
  { id, cwd, claimRoot: mount, home, podUser = usualUser }: EarlierSession,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = `${id}.jsonl`;
  const project = ["projects", cwd.replaceAll(/[^A-Za-z0-9]/g, "-")];
  try {
    const root = await realpath(mount);
    const file = path.join(root, ".claude", ...project, name);
    if (await isMissing(file)) return `there is no ${file}`;
    await using source = await opened(file, 0);
    const { size } = await source.handle.stat();
    if (size > maxBytes) return `its file has ${size} bytes, more than ${maxBytes}`;
    await using folder = await madeFolder(
      root,
      [...home.split("/"), ".claude", ...project],
      podUser,
    );
    await copied({ source, folder, name, podUser, signal });
    return undefined;
  } catch (error) {
    return textOf(signal.aborted ? signal.reason : error);
  }
}

interface Opened extends AsyncDisposable {
  readonly handle: Awaited<ReturnType<typeof open>>;
  /** Leads to the very thing that was opened, whatever its path has become. */
  readonly self: string;
}

/** @throws when it is a link, lies behind one, or is neither a file nor, with `O_DIRECTORY`, a folder */
async function opened(wanted: string, flags: number): Promise<Opened> {
  const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const handle = await open(wanted, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | flags);
  const self = `/proc/self/fd/${handle.fd}`;
  try {
    const stat = await handle.stat();
    const isRight = flags === O_DIRECTORY ? stat.isDirectory() : stat.isFile();
    if (!isRight) throw new Error(`${wanted} is not what it should be`);
    if ((await readlink(self)) !== wanted) throw new Error(`${wanted} lies behind a link`);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, self, [Symbol.asyncDispose]: () => handle.close() };
}

/** The folder under `root`, made where it is missing, step by step from one that is known to be the right one. */
async function madeFolder(
  root: string,
  steps: readonly string[],
  podUser: number,
): Promise<Opened> {
  let [at, folder] = [root, await opened(root, constants.O_DIRECTORY)];
  for (const step of steps) {
    await using parent = folder;
    const inParent = path.join(parent.self, step);
    if (await isMissing(inParent)) {
      await mkdir(inParent, { mode: 0o755 });
      await give(inParent, podUser);
    }
    at = path.join(at, step);
    folder = await opened(at, constants.O_DIRECTORY);
  }
  return folder;
}

/** Whole or not at all: a copy under another name gets the right one at the end. */
async function copied({
  source,
  folder,
  name,
  podUser,
  signal,
}: {
  source: Opened;
  folder: Opened;
  name: string;
  podUser: number;
  signal: AbortSignal;
}): Promise<void> {
  const target = path.join(folder.self, name);
  if (!(await isMissing(target))) return;
  const part = `${target}.part`;
  await rm(part, { force: true });
  try {
    const into = await open(part, "wx", 0o600);
    const reader = source.handle.createReadStream({ autoClose: false, start: 0 });
    await pipeline(reader, into.createWriteStream(), { signal });
    await give(part, podUser);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** @throws when this process may not give it away, for then the pod could not write to it */
async function give(made: string, podUser: number): Promise<void> {
  if (process.getuid?.() !== podUser) await lchown(made, podUser, podUser);
}

async function isMissing(file: string): Promise<boolean> {
  return (await unless(["ENOENT"], lstat(file))) !== undefined;
}
