import { realClock } from "@claude-k8s/kube-http";
import { toCursor, toProgress } from "./cursor.ts";
import { follow } from "./follow.ts";
import type { Follower } from "./follower.ts";
import { atTheStart } from "./progress.ts";
import { settledLimits } from "./settings.ts";
import type { FollowOptions, LogEvent } from "./types.ts";

/**
 * Follows one container's log to its proven end: every line once and in order, over any number of
 * connections. The end is the container's, as `containerState` tells it, together with a last read
 * that finds nothing new; a closed stream, silence and a failed request are none.
 *
 * A consumer that is slow slows the connection down; one that is blocked for long does not: a kubelet
 * whose reader stands still loses lines at the second rotation, so what comes is put aside on disk.
 * Leaving the loop, throwing in it and aborting `signal` all free the socket, the file and every timer.
 *
 * Known limits, which are the kubelet's: only the newest log file can be read, so lines that were
 * rotated away before they were read are lost, which a `gap` event reports. Of a container that is
 * started again the log of the last one before can be read, no older one.
 *
 * @throws TypeError for a limit that makes no sense
 * @throws LogStreamError at once when `from` is another container's cursor; from the iteration when
 *   following cannot go on
 */
export function followLog(options: FollowOptions): AsyncIterable<LogEvent> {
  const { source, target, containerState, from, signal, limits, spoolFolder } = options;
  const { clock = realClock } = options;
  const follower: Follower = {
    source,
    target,
    containerState,
    signal,
    limits: settledLimits(limits),
    spoolFolder,
    clock,
    progress: from === undefined ? atTheStart : toProgress(from, target),
    gap: undefined,
    resent: undefined,
    hasRestarted: false,
  };
  return unlessAborted(follower.progress.ended ? alreadyEnded(follower) : follow(follower), signal);
}

/** Nothing is told any more once the signal is aborted, though it may be known already. */
async function* unlessAborted(
  events: AsyncIterable<LogEvent>,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, undefined> {
  for await (const event of events) {
    signal.throwIfAborted();
    yield event;
  }
}

async function* alreadyEnded({
  progress,
  target,
}: Follower): AsyncGenerator<LogEvent, void, undefined> {
  const reason = "the cursor stands at the verified end of the log";
  const cursor = toCursor(target, progress);
  yield { type: "end", proof: "verified", reason, lines: progress.lines, cursor };
}
