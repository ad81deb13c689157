import { type Connection, readLines, restOf } from "./connection.ts";
import { deliver } from "./deliver.ts";
import type { Follower } from "./follower.ts";
import { locatorFor } from "./locate.ts";
import { probe } from "./probe.ts";
import type { LogRecord } from "./record.ts";
import { hasEnded, standingOf } from "./standing.ts";
import { goesBack } from "./timestamp.ts";
import type { ContainerStanding, LogEvent } from "./types.ts";

/** How an open follow ended. */
export type LiveEnd = {
  /**
   * - `end`: by itself, which alone proves nothing.
   * - `cut`: broken off, or the server's last word was a complaint.
   * - `missed`: what it showed first did not hold the last delivered line.
   * - `astray`: it went back in time.
   * - `stuck`: silent although the container has ended, or the log has more.
   */
  readonly how: "end" | "cut" | "missed" | "astray" | "stuck";
  readonly cause: string;
  /** After an own end: what came after the last newline. */
  readonly rest: LogRecord | undefined;
};

/** A tail is sent at once; a follow that has gone quiet without showing our line will not show it. */
const alignMs = 2_000;
/** A follow ends about a second after its container; this long after, it never will. */
const endMs = 3_000;
/** What the log has shows on a follow about a second later; this long after, it never will. */
const showMs = 2_000;
/** Between two probes of a silent stream, at most. */
const probeMaxMs = 300_000;

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
  let silence = newSilence(follower);
  for (;;) {
    const read = await connection.read(patienceMs(locator !== undefined, silence, limits.quietMs));
    const spool = connection.spoolReport();
    if (spool !== undefined) yield { type: "spool", ...spool };
    if (read.kind === "cut") return { how: "cut", cause: read.cause, rest: undefined };
    if (read.kind === "end") return ownEnd(connection, complaint, limits.maxLineBytes);
    if (read.kind === "quiet") {
      if (locator !== undefined) return missed;
      if (silence.ended !== undefined) return stuck;
      if (silence.hasMore) return stuckOnOldFile;
      silence = await look(follower, connection, silence);
      continue;
    }
    silence = newSilence(follower);
    const news: LogRecord[] = [];
    for (const entry of readLines(connection, read.bytes, limits.maxLineBytes)) {
      complaint = typeof entry === "string" ? entry : undefined;
      if (typeof entry === "string") {
        yield* deliver(follower, news.splice(0));
        yield { type: "server-message", text: entry };
      } else if (locator === undefined) {
        const last = news.at(-1)?.time ?? follower.progress.at?.time;
        if (last !== undefined && goesBack(last, entry.time)) {
          yield* deliver(follower, news);
          return astray;
        }
        news.push(entry);
      } else if (locator.see(entry)) locator = undefined;
      else if (++shown > (tailLines ?? Infinity)) return missed;
    }
    yield* deliver(follower, news);
  }
}

/** What is known of a stream that has been silent since its last byte. */
type Silence = {
  /** The container was asked about, and it had ended. */
  readonly ended: ContainerStanding | undefined;
  /** The log was probed, and had lines that the stream had not shown. */
  readonly hasMore: boolean;
  /** When the log is probed next, and how long after that once more. */
  readonly probeAt: number;
  readonly probeEveryMs: number;
};

function newSilence({ clock, limits: { quietMs } }: Follower): Silence {
  const probeAt = clock.now() + quietMs;
  return { ended: undefined, hasMore: false, probeAt, probeEveryMs: 2 * quietMs };
}

/** Silence alone is no reason to leave a stream: a program may think for hours. */
async function look(
  follower: Follower,
  connection: Connection,
  silence: Silence,
): Promise<Silence> {
  const standing = await standingOf(follower);
  if (hasEnded(standing)) return { ...silence, ended: standing };
  const now = follower.clock.now();
  if (now < silence.probeAt) return silence;
  const { probeEveryMs } = silence;
  return {
    ended: undefined,
    hasMore: (await probe(follower, connection)) === "more",
    probeAt: now + probeEveryMs,
    probeEveryMs: Math.max(follower.limits.quietMs, Math.min(probeMaxMs, 2 * probeEveryMs)),
  };
}

function patienceMs(aligning: boolean, { ended, hasMore }: Silence, quietMs: number): number {
  if (aligning) return alignMs;
  if (hasMore) return Math.min(showMs, quietMs);
  // The container of a deleted Pod may go on through its grace period, and only this stream has its output.
  return ended?.kind === "terminated" ? Math.min(endMs, quietMs) : quietMs;
}

const missed: LiveEnd = {
  how: "missed",
  cause: "more was written than the tail shows",
  rest: undefined,
};

/**
 * A kubelet that was held back over two rotations sends lines again (measured on 1.35). Where it is only that the node's
 * clock was set back, looking for the position finds it again.
 */
const astray: LiveEnd = {
  how: "astray",
  cause: "the stream went back in time",
  rest: undefined,
};

const stuck: LiveEnd = {
  how: "stuck",
  cause: "the stream is silent although the container has ended",
  rest: undefined,
};

const stuckOnOldFile: LiveEnd = {
  how: "stuck",
  cause: "the stream is silent although the log has more: it reads a file that was rotated away",
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
