import { type Connection, connect, readLines, restOf } from "./connection.ts";
import type { Follower } from "./follower.ts";
import { locatorFor } from "./locate.ts";
import { recordsIn } from "./position.ts";
import { hashOf } from "./record.ts";

/** A probe that brings nothing for so long has told nothing. */
const silentProbeMs = 10_000;

export type Probed =
  | { readonly kind: "same" }
  /** `next`: hash of the first line that was not shown; absent when the last one that was is not to be seen. */
  | { readonly kind: "more"; readonly next?: string }
  /** It could not be had. */
  | { readonly kind: "unknown" };

const unknown: Probed = { kind: "unknown" };

/**
 * Whether the log has anything that a silent follow has not shown. A follow whose file was rotated between its
 * opening and its first wait for more stays on the old file, silently, until the next rotation; one that was held back
 * over two rotations goes on behind lines that it never shows. One finite read of the few records that the log ends in.
 */
export async function probe(follower: Follower, followed: Connection): Promise<Probed> {
  // Where lines have no times a read is one of the whole log.
  if (followed.stamps !== "yes") return unknown;
  const { at } = follower.progress;
  const held = followed.splitter.rest()?.length ?? 0;
  const fewest = 1 + (at?.span ?? 0) + (held === 0 ? 0 : recordsIn(held));
  // The first lines of a file have nothing before them that would prove them in a tail.
  const isFirst = at !== undefined && at.prev === undefined;
  const opened = await connect(follower, {
    follow: false,
    tailLines: isFirst ? undefined : fewest,
  });
  if (opened.kind === "refused") return unknown;
  const { connection } = opened;
  const { maxLineBytes } = follower.limits;
  const locator = locatorFor(follower.progress, isFirst);
  let isKnown = at === undefined;
  let unseen = 0;
  let next: string | undefined;
  try {
    for (;;) {
      const read = await connection.read(silentProbeMs);
      if (read.kind === "quiet" || read.kind === "cut") return unknown;
      if (read.kind === "end") break;
      for (const entry of readLines(connection, read.bytes, maxLineBytes)) {
        // The kubelet's own words.
        if (typeof entry === "string") return unknown;
        if (locator?.see(entry) === "sure") {
          isKnown = true;
          next = undefined;
        } else if (isKnown) next ??= hashOf(entry);
        // The same would be told at the end; a whole file need not be read for it.
        else if (++unseen > fewest) return { kind: "more" };
      }
    }
    const rest = restOf(connection, maxLineBytes);
    if (typeof rest === "string") return unknown;
    const isSameRest = (connection.splitter.rest()?.length ?? 0) === held;
    if (!isKnown || next !== undefined) return { kind: "more", ...(next && { next }) };
    // What is unfinished there and not here is on its way, or the file is another.
    return isSameRest ? { kind: "same" } : { kind: "more" };
  } finally {
    connection.close();
  }
}
