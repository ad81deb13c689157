import { sleep } from "@claude-k8s/kube-http";
import { catchUp } from "./catch-up.ts";
import { connect } from "./connection.ts";
import { LogStreamError } from "./errors.ts";
import { finish } from "./finish.ts";
import type { Follower } from "./follower.ts";
import { live, type LiveEnd } from "./live.ts";
import { pauseMs } from "./pause.ts";
import { tailFor } from "./position.ts";
import { crossIfRestartedAgain, crossRestart } from "./restart.ts";
import type { Refusal } from "./answer.ts";
import { hasEnded, standingOf } from "./standing.ts";
import type { LogEvent } from "./types.ts";

/** How one attempt to follow went. */
type Attempt = { readonly refusal: Refusal } | { readonly live: LiveEnd };

/** What is remembered between attempts. */
type Tries = {
  /** Opened so far. */
  opened: number;
  /** Fruitless in a row. */
  fruitless: number;
  /** How often in a row the tail was too short. */
  misses: number;
  /** Since when every answer was a refusal. */
  refusedSince: number | undefined;
  lastCause: string | undefined;
  /** When the last stream ended, and how many lines a millisecond there were until then. */
  away: { readonly since: number; readonly pace: number } | undefined;
};

/** A connection that lived this long was a good one. */
const goodLifeMs = 10_000;

/** Connects, delivers, asks, and connects again, until the container has ended. */
export async function* follow(follower: Follower): AsyncGenerator<LogEvent, void, undefined> {
  const tries: Tries = {
    opened: 0,
    fruitless: 0,
    misses: 0,
    refusedSince: undefined,
    lastCause: undefined,
    away: undefined,
  };
  const first = { lines: follower.progress.lines, at: follower.clock.now() };
  // Which container it is that is read first.
  yield* crossRestart(follower, await standingOf(follower));
  for (;;) {
    const before = follower.progress.lines;
    const startedAt = follower.clock.now();
    let attempt = yield* attemptOnce(follower, tries);
    const fruitful =
      follower.progress.lines > before ||
      ("live" in attempt && follower.clock.now() - startedAt > goodLifeMs);
    tries.fruitless = fruitful ? 0 : tries.fruitless + 1;
    if ("live" in attempt) {
      const since = follower.clock.now();
      const pace = (follower.progress.lines - first.lines) / Math.max(1, since - first.at);
      tries.away = { since, pace };
    }
    const standing = await standingOf(follower);
    const crossed = yield* crossRestart(follower, standing);
    if (crossed.kind === "refused") attempt = crossed;
    else if (hasEnded(standing)) {
      const ended = "live" in attempt && crossed.kind === "same" ? attempt.live : undefined;
      const ownEnd = ended?.how === "end";
      const undisturbed = tries.opened === 1 && tries.fruitless === 0;
      return yield* finish(follower, { standing, ownEnd, undisturbed, rest: ended?.rest });
    }
    checkPatience(follower, tries, attempt);
    yield* pause(follower, tries, attempt);
  }
}

const anotherContainer: LiveEnd = {
  how: "cut",
  cause: "the container was started again",
  rest: undefined,
};

async function* attemptOnce(
  follower: Follower,
  tries: Tries,
): AsyncGenerator<LogEvent, Attempt, undefined> {
  if (follower.resent !== undefined) {
    // The read after the stream before this one was refused.
    const caught = yield* catchUp(follower);
    if (caught.kind === "refused") return caught;
  }
  const { away } = tries;
  // Twice what the pace so far makes likely.
  const expected = away && 2 * away.pace * (follower.clock.now() - away.since);
  const tailLines = tailFor(follower.progress.at, tries.misses, expected);
  const opened = await connect(follower, { follow: true, tailLines });
  if (opened.kind === "refused") return { refusal: opened.refusal };
  const { connection } = opened;
  let ended: LiveEnd;
  try {
    yield { type: "stream-open", attempt: ++tries.opened };
    const crossed = yield* crossIfRestartedAgain(follower);
    if (crossed.kind === "refused") return crossed;
    ended =
      crossed.kind === "crossed" ? anotherContainer : yield* live(follower, connection, tailLines);
  } finally {
    connection.close();
  }
  const isMissed = ended.how === "missed" || ended.unplaced === true;
  tries.misses = isMissed ? tries.misses + 1 : 0;
  if (ended.how !== "missed" && ended.how !== "astray") return { live: ended };
  // Only a finite read can tell "further back" from "rotated away", and a clock set back from lines sent again.
  const caught = yield* catchUp(follower, { misses: tries.misses });
  return caught.kind === "refused" ? { refusal: caught.refusal } : { live: ended };
}

/** @throws LogStreamError when nothing but refusals came for too long */
function checkPatience({ clock, limits }: Follower, tries: Tries, attempt: Attempt): void {
  if (!("refusal" in attempt) || attempt.refusal.kind === "waiting") {
    tries.refusedSince = undefined;
    return;
  }
  tries.refusedSince ??= clock.now();
  const refusedMs = clock.now() - tries.refusedSince;
  if (refusedMs < limits.giveUpAfterMs) return;
  throw new LogStreamError(
    "LOG_STREAM_GAVE_UP",
    `the log could not be read for ${Math.round(refusedMs)} ms: ${attempt.refusal.cause}`,
  );
}

async function* pause(
  { clock, limits, signal }: Follower,
  tries: Tries,
  attempt: Attempt,
): AsyncGenerator<LogEvent, void, undefined> {
  const refusal = "refusal" in attempt ? attempt.refusal : undefined;
  const cause = "live" in attempt ? attempt.live.cause : attempt.refusal.cause;
  const ownMs = pauseMs(tries.fruitless, limits, Math.random());
  const retryInMs = Math.round(Math.max(ownMs, refusal?.retryAfterMs ?? 0));
  // A refusal that repeats itself, as in an outage, is told once; waiting for the start is no drop.
  const told = refusal !== undefined && (refusal.kind === "waiting" || cause === tries.lastCause);
  tries.lastCause = refusal === undefined ? undefined : cause;
  if (!told) yield { type: "stream-drop", cause, retryInMs };
  await sleep(clock, retryInMs, signal);
}
