import { sleep } from "@claude-k8s/kube-http";
import type { Refusal } from "./answer.ts";
import { catchUp } from "./catch-up.ts";
import { toCursor } from "./cursor.ts";
import { deliver, tellGap } from "./deliver.ts";
import { LogStreamError } from "./errors.ts";
import type { Follower } from "./follower.ts";
import { pauseMs } from "./pause.ts";
import type { CaughtUp } from "./read-now.ts";
import { hashOf, type LogRecord } from "./record.ts";
import { standingOf } from "./standing.ts";
import type { ContainerStanding, LogEvent } from "./types.ts";

/** What is known when the container has ended. */
export type Ending = {
  readonly standing: ContainerStanding;
  /** The follow ended by itself: one look at the end has been had. */
  readonly ownEnd: boolean;
  /**
   * It was the only stream, from the start. Where streams were lost, that end may have been the kubelet's, and a
   * read may end too early as well: then two reads must agree.
   */
  readonly undisturbed: boolean;
  /** What that look saw after the last newline. */
  readonly rest: LogRecord | undefined;
};

/**
 * Reads on until a read finds exactly what the look before it found, and ends the iteration. A log
 * that cannot be read any more ends `unverified`.
 */
export async function* finish(
  follower: Follower,
  { standing, ownEnd, undisturbed, rest: seen }: Ending,
): AsyncGenerator<LogEvent, void, undefined> {
  const { clock, limits, signal } = follower;
  const startedAt = clock.now();
  /** Since when the API server answers: while nobody can be reached the log has no chance to be still. */
  let answeredAt: number | undefined;
  let rest = seen;
  let looked = ownEnd && undisturbed;
  let now = standing;
  for (let attempt = 0; ; attempt++) {
    // The log of a Pod that is gone cannot be read, and one of the same name is another's.
    if (now.kind === "gone") return yield* end(follower, rest, "the pod is gone");
    // Where the stream or a read came to an end by itself, nothing more is expected; a guess, not a proof: if there is
    // more, the small tail does not show the last line, and a larger one is read.
    const read = yield* catchUp(follower, { expected: ownEnd || looked ? 0 : undefined });
    const isAnswer = read.kind === "read" || read.refusal.kind !== "unreachable";
    answeredAt = isAnswer ? (answeredAt ?? clock.now()) : undefined;
    const isPatienceOver =
      answeredAt !== undefined && clock.now() - answeredAt >= limits.lastReadsMs;
    let retryAfterMs = 0;
    if (read.kind === "read") {
      if (read.tooShort) return yield* end(follower, rest, "read again, the log was shorter");
      if (looked && read.news === 0 && same(rest, read.rest))
        return yield* end(follower, rest, undefined);
      ({ rest } = read);
      if (isPatienceOver)
        return yield* end(follower, rest, "the log still grew although the container has ended");
    } else {
      if (isPatienceOver) return yield* end(follower, rest, read.refusal.cause);
      if (answeredAt === undefined) checkPatience(read.refusal, clock.now() - startedAt, limits);
      retryAfterMs = read.refusal.retryAfterMs ?? 0;
      now = await standingOf(follower);
    }
    const ownMs = pauseAfter(read, ownEnd || looked, attempt, limits);
    await sleep(clock, Math.max(retryAfterMs, ownMs), signal);
    looked ||= read.kind === "read";
  }
}

/** @throws LogStreamError when the API server could not be reached for too long */
function checkPatience({ cause }: Refusal, waitedMs: number, limits: Follower["limits"]): void {
  if (waitedMs < limits.giveUpAfterMs) return;
  const message = `the end of the log could not be read for ${waitedMs} ms: ${cause}`;
  throw new LogStreamError("LOG_STREAM_GAVE_UP", message);
}

function pauseAfter(
  read: CaughtUp,
  seenToEnd: boolean,
  attempt: number,
  limits: Follower["limits"],
): number {
  if (read.kind === "refused") return pauseMs(attempt + 1, limits, Math.random());
  // Where the follow did not end by itself, two looks a second apart stand for its end.
  return Math.min(limits.retryMaxMs, seenToEnd ? 200 * 2 ** attempt : 1_000);
}

function same(a: LogRecord | undefined, b: LogRecord | undefined): boolean {
  return (a && hashOf(a)) === (b && hashOf(b));
}

/** @param doubt why the end is not verified */
function* end(
  follower: Follower,
  rest: LogRecord | undefined,
  doubt: string | undefined,
): Generator<LogEvent, void, undefined> {
  const verified = doubt === undefined;
  if (rest !== undefined) yield* deliver(follower, [rest], { verified });
  // Nothing came after it.
  yield* tellGap(follower);
  follower.progress = { ...follower.progress, ended: verified };
  yield {
    type: "end",
    proof: verified ? "verified" : "unverified",
    reason: doubt ?? "the container has ended and a last read found nothing new",
    lines: follower.progress.lines,
    cursor: toCursor(follower.target, follower.progress),
  };
}
