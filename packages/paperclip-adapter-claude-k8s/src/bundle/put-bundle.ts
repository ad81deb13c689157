import { randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, utimes } from "node:fs/promises";
import path from "node:path";
import type { BundleFile } from "./bundle-file.ts";
import { difference } from "./compare-folder.ts";
import { errorCode, unless } from "../disk-answer.ts";
import { syncFolder, writeFolder } from "./write-folder.ts";

/** Beginnings of names in the folder of bundles: of what is being written, and before the key what was replaced. */
export const unfinished = ".new-";
export const replaced = ".old-";

/** Two servers at once each see the other's at most once; more is a disk that does not do as it says. */
const tries = 4;

export interface PutOptions {
  /** Now, in milliseconds since 1970: when the bundle was last used. */
  readonly wallMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sees to it that the folder `key` in `folder` holds exactly these files, and that the disk has them: one that
 * is there is compared to the byte, a new one comes by a rename from beside it, whole or not at all. The one
 * that is not what it should be is set aside, not removed, for a run may still have it mounted.
 * @returns what was wrong with the one that was there; `undefined` when nothing was
 * @throws the disk's own error, such as `EACCES`, `EROFS` or `ENOSPC`
 */
export async function putBundle(
  folder: string,
  key: string,
  files: readonly BundleFile[],
  { wallMs, signal }: PutOptions,
): Promise<string | undefined> {
  await makeShared(folder);
  const target = path.join(folder, key);
  let wrong: string | undefined;
  for (let tried = 0; tried < tries; tried += 1) {
    const state = await look(target, files, signal);
    if (state.kind === "same" && (await touch(target, wallMs))) {
      await syncFolder(folder);
      return wrong;
    }
    if (state.kind === "other") {
      wrong = state.why;
      const aside = path.join(folder, `${replaced}${key}-${randomUUID()}`);
      await unless(["ENOENT"], rename(target, aside));
    }
    if (state.kind !== "same") await moveIn(folder, target, files, signal);
  }
  throw new Error(`${target} does not stay as it is written: ${wrong ?? "it goes again"}`);
}

type State =
  | { readonly kind: "same" }
  | { readonly kind: "absent" }
  | { readonly kind: "other"; readonly why: string };

async function look(
  target: string,
  files: readonly BundleFile[],
  signal: AbortSignal,
): Promise<State> {
  try {
    const why = await difference(target, files, signal);
    return why === undefined ? { kind: "same" } : { kind: "other", why };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return { kind: "absent" };
    // Of our own making nothing is closed to us.
    if (code === "EACCES") return { kind: "other", why: "it cannot be read" };
    throw error;
  }
}

/** False when it is gone, removed as unused at this very moment. */
async function touch(target: string, wallMs: number): Promise<boolean> {
  const time = wallMs / 1_000;
  return (await unless(["ENOENT"], utimes(target, time, time))) === undefined;
}

/** Where another server was faster, its folder stays, and is looked at next. */
async function moveIn(
  folder: string,
  target: string,
  files: readonly BundleFile[],
  signal: AbortSignal,
): Promise<void> {
  const fresh = path.join(folder, `${unfinished}${randomUUID()}`);
  try {
    await writeFolder(fresh, files, signal);
    await unless(["ENOTEMPTY", "EEXIST"], rename(fresh, target));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Not recursively: where the volume is not mounted, nothing is to be made in its place. */
async function makeShared(folder: string): Promise<void> {
  for (const one of [path.dirname(folder), folder]) {
    const was = await unless(["EEXIST"], mkdir(one));
    if (was === undefined) await chmod(one, 0o755);
  }
}
