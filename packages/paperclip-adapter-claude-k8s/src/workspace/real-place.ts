import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "../disk-answer.ts";
import { type ClaimMount, mountHolding } from "../server/claim-mounts.ts";

/** Where a path really leads, or the link on a claim that it would lead over. */
export type RealPlace = { readonly path: string } | { readonly link: string };

/**
 * Follows links outside of claims, which are the operator's. One on a claim may be the work of an agent that
 * could write there, and lead to what it was not given: it is not followed. What is yet to be made counts as it
 * is named.
 * @param place absolute
 * @throws when the server cannot look
 */
export async function realPlace(place: string, mounts: readonly ClaimMount[]): Promise<RealPlace> {
  const parts = path.resolve(place).split("/").slice(1);
  let at = "/";
  for (const [index, part] of parts.entries()) {
    const next = path.join(at, part);
    const what = await whatIs(next);
    if (what === "nothing") return { path: path.join(next, ...parts.slice(index + 1)) };
    if (what === "link" && mountHolding(mounts, at) !== undefined) return { link: next };
    at = what === "link" ? await realpath(next) : next;
  }
  return { path: at };
}

async function whatIs(place: string): Promise<"nothing" | "link" | "other"> {
  try {
    return (await lstat(place)).isSymbolicLink() ? "link" : "other";
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return "nothing";
  }
}
