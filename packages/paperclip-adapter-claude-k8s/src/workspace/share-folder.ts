import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { RunMount } from "@claude-k8s/k8s-job-manifest";
import { folderOnClaim, mountHolding } from "../server/claim-mounts.ts";
import { textOf } from "../untyped.ts";
import { type GitPlace, gitPlaces } from "./git-places.ts";
import { type Keep, mayNotMount } from "./may-mount.ts";
import { realPlace } from "./real-place.ts";

/** A folder of the server's that a pod sees too. */
export interface MountedFolder {
  readonly kind: "mounted";
  /** The same in the pod as on the server. */
  readonly path: string;
  /** Of the claim. */
  readonly subPath: string;
  /** What git needs besides. */
  readonly beside: readonly RunMount[];
  readonly warnings: readonly string[];
}

/** It is not to be seen by one. `why` follows the folder's name and a colon. */
export interface RefusedFolder {
  readonly kind: "refused";
  readonly why: string;
}

/**
 * Makes a folder of the server's one of the pod's, under the same absolute path: a worktree and its repository
 * name each other by it. A folder that is not there is made, as the host's local adapters make theirs.
 */
export async function shareFolder(
  folder: string,
  keep: Keep,
): Promise<MountedFolder | RefusedFolder> {
  if (!path.isAbsolute(folder)) return refused("it is no absolute path");
  try {
    const place = await realPlace(folder, keep.mounts);
    if ("link" in place) return refused(overLink(place.link));
    const real = place.path;
    const seen = onClaim(real, keep);
    if ("why" in seen) return refused(seen.why);
    if (seen.readOnly) return refused("the server itself can only read it");
    await mkdir(real, { recursive: true });
    if (!(await stat(real)).isDirectory()) return refused("it is no folder");
    return { kind: "mounted", path: real, subPath: seen.subPath, ...(await withGit(real, keep)) };
  } catch (error) {
    return refused(`the server cannot use it: ${textOf(error)}`);
  }
}

function refused(why: string): RefusedFolder {
  return { kind: "refused", why };
}

/** Where a folder lies on the run's claim, or why it cannot be mounted from there. */
function onClaim(
  real: string,
  keep: Keep,
): { readonly subPath: string; readonly readOnly: boolean } | { readonly why: string } {
  const subPath = folderOnClaim(keep.mounts, keep.claim, real);
  if (subPath === undefined) return { why: `it is not on the claim ${keep.claim}` };
  const why = mayNotMount({ onServer: real, onClaim: subPath }, keep);
  if (why !== undefined) return { why };
  return { subPath, readOnly: mountHolding(keep.mounts, real)?.isReadOnly !== false };
}

async function withGit(
  real: string,
  keep: Keep,
): Promise<{ readonly beside: readonly RunMount[]; readonly warnings: readonly string[] }> {
  const top = mountHolding(keep.mounts, real)?.mountPath ?? real;
  const beside: RunMount[] = [];
  const warnings: string[] = [];
  for (const place of await gitPlaces(real, top)) {
    const found = await besides(place, keep);
    if ("why" in found)
      warnings.push(
        `git may not work in the pod: ${place.what}, ${place.path}, is not mounted: ${found.why}`,
      );
    else beside.push(found);
  }
  return { beside, warnings };
}

/** Mounted where git looks for it. */
async function besides(
  { path: named, why }: GitPlace,
  keep: Keep,
): Promise<RunMount | { readonly why: string }> {
  if (why !== undefined) return { why };
  const place = await realPlace(named, keep.mounts);
  if ("link" in place) return { why: overLink(place.link) };
  const seen = onClaim(place.path, keep);
  if ("why" in seen) return seen;
  // A link leads elsewhere: then both ends count.
  const { subPath, readOnly } = seen;
  const whyNot = mayNotMount({ onServer: named, onClaim: subPath }, keep);
  if (whyNot !== undefined) return { why: whyNot };
  return { path: named, subPath, ...(readOnly ? { readOnly } : {}) };
}

function overLink(link: string): string {
  return `${link} is a link on a volume, which an agent may have made; name the folder itself`;
}
