import { randomUUID } from "node:crypto";
import { lstat, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorCode, unless } from "../disk-answer.ts";
import { replaced, unfinished } from "./put-bundle.ts";

const dayMs = 86_400_000;

/** Unused for so long, a bundle goes. Its agent writes it anew when it comes back. */
export const keptMs: number = 30 * dayMs;

/** When its name says that a bundle is being written, it is for so long. */
const writtenMs = dayMs;

/** All servers together look so often. */
const everyMs = dayMs;

/** What one look may remove; the next goes on. */
const atMost = 50;

/** Its time says when somebody looked last. */
const mark = ".pruned";

/** Something in the folder of bundles, and when it was last used or begun. */
export interface Aged {
  readonly name: string;
  readonly usedMs: number;
}

/** Which of these may go, the oldest first; a Job may still have one of them. Pure. */
export function outdated(entries: readonly Aged[], wallMs: number): Aged[] {
  const isOld = ({ name, usedMs }: Aged): boolean => {
    if (name.startsWith(unfinished)) return wallMs - usedMs > writtenMs;
    return keyOf(name) !== undefined && wallMs - usedMs > keptMs;
  };
  const old = entries.filter(isOld).toSorted((one, other) => one.usedMs - other.usedMs);
  return old.slice(0, atMost);
}

/** The key of a bundle, and of one that was replaced. */
function keyOf(name: string): string | undefined {
  const key = name.startsWith(replaced) ? name.slice(replaced.length).split("-")[0] : name;
  return key !== undefined && /^[0-9a-f]{64}$/.test(key) ? key : undefined;
}

export interface PruneOptions {
  readonly wallMs: number;
  /** Keys of the bundles that Jobs have mounted. */
  readonly inUse: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
  readonly signal: AbortSignal;
}

/**
 * Removes bundles that nobody used for a month, at most once a day. What a Job has is kept however long it
 * runs: the cluster is asked, and when it cannot be asked nothing goes.
 */
export async function pruneBundles(
  folder: string,
  { wallMs, inUse, signal }: PruneOptions,
): Promise<void> {
  if (!(await isDue(folder, wallMs))) return;
  const entries: Aged[] = [];
  for (const name of await readdir(folder)) {
    signal.throwIfAborted();
    const usedMs = await usedAt(path.join(folder, name));
    if (usedMs !== undefined) entries.push({ name, usedMs });
  }
  const old = outdated(entries, wallMs);
  if (old.length === 0) return;
  const used = await inUse(signal);
  for (const { name, usedMs } of old) {
    signal.throwIfAborted();
    if (!used.has(keyOf(name) ?? "")) await remove(folder, name, usedMs);
  }
}

/** `undefined` when another server has removed it by now. */
async function usedAt(file: string): Promise<number | undefined> {
  try {
    return (await lstat(file)).mtimeMs;
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return undefined;
  }
}

/** Notes the look before it begins, so that of several servers one looks. */
async function isDue(folder: string, wallMs: number): Promise<boolean> {
  const file = path.join(folder, mark);
  const isNew = (await unless(["EEXIST"], writeFile(file, "", { flag: "wx" }))) === undefined;
  if (!isNew && Math.abs(wallMs - (await lstat(file)).mtimeMs) < everyMs) return false;
  await utimes(file, wallMs / 1_000, wallMs / 1_000);
  return true;
}

/** Out of the way first: another server may have begun to use it since it was looked at. */
async function remove(folder: string, name: string, usedMs: number): Promise<void> {
  const from = path.join(folder, name);
  const away = path.join(folder, `${unfinished}${randomUUID()}`);
  if ((await unless(["ENOENT"], rename(from, away))) !== undefined) return;
  const isUsedAgain = (await lstat(away)).mtimeMs > usedMs;
  const isBack =
    isUsedAgain && (await unless(["ENOTEMPTY", "EEXIST"], rename(away, from))) === undefined;
  // Where it was written anew meanwhile, that one stays.
  if (!isBack) await rm(away, { recursive: true, force: true });
}
