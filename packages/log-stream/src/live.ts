import { type Connection, readLines, restOf } from "./connection.ts";
import { deliver } from "./deliver.ts";
import type { Follower } from "./follower.ts";
import { locatorFor } from "./locate.ts";
import { hashOf, type LogRecord } from "./record.ts";
import { isNext, look, newSilence } from "./silence.ts";
import { goesBack } from "./timestamp.ts";
import type { LogEvent } from "./types.ts";

/** How an open follow ended. */
export type LiveEnd = {
  /**
   * - `end`: by itself, which alone proves nothing.
   * - `cut`: broken off, or the server's last word was a complaint.
   * - `missed`: what it showed first did not hold the last delivered line.
   * - `astray`: it may have jumped over lines.
   * - `stuck`: silent although the container has ended, or the log has more.
   */
  readonly how: "end" | "cut" | "missed" | "astray" | "stuck";
  readonly cause: string;
  /** After an own end: what came after the last newline. */
  readonly rest: LogRecord | undefined;
  /** It ended before it showed the last delivered line. */
  readonly unplaced?: boolean;
};

/** A tail is sent at once; a follow that has gone quiet without showing our line will not show it. */
const alignMs = 2_000;

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
    const patienceMs = locator === undefined ? silence.patienceMs : alignMs;
    const read = await connection.read(patienceMs);
    const spool = connection.spoolReport();
    if (spool !== undefined) yield { type: "spool", ...spool };
    if (read.kind === "cut") return { how: "cut", cause: read.cause, rest: undefined };
    if (read.kind === "end") {
      const end = ownEnd(connection, complaint, limits.maxLineBytes);
      return locator === undefined ? end : { ...end, unplaced: true };
    }
    if (read.kind === "quiet") {
      if (locator !== undefined) return missed;
      if (silence.ended) return stuck;
      if (silence.doubt?.kind === "more") return stuckOnOldFile;
      silence = await look(follower, connection, silence);
      if (silence.doubt?.kind === "more" && silence.doubt.next === undefined) return stuckOnOldFile;
      continue;
    }
    let { doubt } = silence;
    silence = newSilence(follower);
    const news: LogRecord[] = [];
    for (const entry of readLines(connection, read.bytes, limits.maxLineBytes)) {
      complaint = typeof entry === "string" ? entry : undefined;
      if (typeof entry === "string") {
        yield* deliver(follower, news.splice(0));
        yield { type: "server-message", text: entry };
      } else if (locator === undefined) {
        if (doubt !== undefined && !isNext(doubt, entry)) return doubtful;
        doubt = undefined;
        const last = news.at(-1)?.time ?? follower.progress.at?.time;
        if (last !== undefined && goesBack(last, entry.time)) {
          yield* deliver(follower, news);
          follower.resent = hashOf(entry);
          return wentBack;
        }
        news.push(entry);
      } else if (locator.see(entry) === "sure") locator = undefined;
      else if (++shown > (tailLines ?? Infinity)) return missed;
    }
    yield* deliver(follower, news);
  }
}

const missed: LiveEnd = {
  how: "missed",
  cause: "more was written than the tail shows",
  rest: undefined,
};

/** Whoever held the stream back may have held back the kubelet, which then jumps over lines without a word. */
const doubtful: LiveEnd = {
  how: "astray",
  cause: "the stream was silent while it could not be told what the log holds",
  rest: undefined,
};

/**
 * A kubelet that was held back over two rotations sends lines again (measured on 1.35). Where it is only that the node's
 * clock was set back, looking for the position finds it again.
 */
const wentBack: LiveEnd = {
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
