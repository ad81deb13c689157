import { type Connection, readLines, restOf } from "./connection.ts";
import { deliver } from "./deliver.ts";
import type { Follower } from "./follower.ts";
import { locatorFor } from "./locate.ts";
import type { LogRecord } from "./record.ts";
import { hasEnded, standingOf } from "./standing.ts";
import type { ContainerStanding, LogEvent } from "./types.ts";

/** How an open follow ended. */
export type LiveEnd = {
  /**
   * - `end`: by itself, which alone proves nothing.
   * - `cut`: broken off, or the server's last word was a complaint.
   * - `missed`: what it showed first did not hold the last delivered line.
   * - `stuck`: silent although the container has ended.
   */
  readonly how: "end" | "cut" | "missed" | "stuck";
  readonly cause: string;
  /** After an own end: what came after the last newline. */
  readonly rest: LogRecord | undefined;
};

/** A tail is sent at once; a follow that has gone quiet without showing our line will not show it. */
const alignMs = 2_000;
/** A follow ends about a second after its container; this long after, it never will. */
const endMs = 3_000;

/** Delivers an open follow until it ends. `tailLines` as it was opened with. */
export async function* live(
  follower: Follower,
  connection: Connection,
  tailLines: number | undefined,
): AsyncGenerator<LogEvent, LiveEnd, undefined> {
  const { limits } = follower;
  let locator = locatorFor(follower.progress, tailLines === undefined);
  let shown = 0;
  let complaint: string | undefined;
  /** Silent for so long that the container was asked about, and it had ended. */
  let ended: ContainerStanding | undefined;
  for (;;) {
    const read = await connection.read(patienceMs(locator !== undefined, ended, limits.quietMs));
    if (read.kind === "cut") return { how: "cut", cause: read.cause, rest: undefined };
    if (read.kind === "end") return ownEnd(connection, complaint, limits.maxLineBytes);
    if (read.kind === "quiet") {
      if (locator !== undefined) return missed;
      if (ended !== undefined) return stuck;
      const standing = await standingOf(follower);
      if (hasEnded(standing)) ended = standing;
      continue;
    }
    ended = undefined;
    const news: LogRecord[] = [];
    for (const entry of readLines(connection, read.bytes, limits.maxLineBytes)) {
      complaint = typeof entry === "string" ? entry : undefined;
      if (typeof entry === "string") {
        yield* deliver(follower, news.splice(0));
        yield { type: "server-message", text: entry };
      } else if (locator === undefined) news.push(entry);
      else if (locator.see(entry)) locator = undefined;
      else if (++shown > (tailLines ?? Infinity)) return missed;
    }
    yield* deliver(follower, news);
  }
}

/** Silence alone is no reason to leave a stream: a program may think for hours. */
function patienceMs(
  aligning: boolean,
  ended: ContainerStanding | undefined,
  quietMs: number,
): number {
  if (aligning) return alignMs;
  // The container of a deleted Pod may go on through its grace period, and only this stream has its output.
  return ended?.kind === "terminated" ? Math.min(endMs, quietMs) : quietMs;
}

const missed: LiveEnd = {
  how: "missed",
  cause: "more was written than the tail shows",
  rest: undefined,
};

const stuck: LiveEnd = {
  how: "stuck",
  cause: "the stream is silent although the container has ended",
  rest: undefined,
};

function ownEnd(
  connection: Connection,
  complaint: string | undefined,
  maxLineBytes: number,
): LiveEnd {
  const rest = restOf(connection, maxLineBytes);
  const cause = typeof rest === "string" ? rest : complaint;
  if (cause !== undefined) return { how: "cut", cause, rest: undefined };
  return {
    how: "end",
    cause: "the stream ended",
    rest: typeof rest === "string" ? undefined : rest,
  };
}
