import { sleep } from "@claude-k8s/kube-http";
import type { Follower } from "./follower.ts";
import { type CaughtUp, type Missed, readNow } from "./read-now.ts";
import type { LogEvent } from "./types.ts";

/** Between two reads that shall agree, first; then twice as long each time. */
const betweenMs = 200;
const mostReads = 8;

export type WholeRead = {
  readonly previous?: boolean;
  /** The cluster says that the container is another: then one read that begins later is believed. */
  readonly mayBeAnother?: boolean;
};

/**
 * Reads the whole file, until it is sure whether it holds the last delivered line. A read of a file that begins no
 * later than that line and does not show it may have ended too early, as a kubelet that dies ends it without a word;
 * or the node's clock was set back before the log was rotated. Two reads that bring the same tell them apart.
 * A line that is only like the last delivered one takes two reads as well, and is a possible gap.
 * A file that begins after that line is another one, but for a clock that was set back in it: that takes two reads, too.
 */
export async function* readWhole(
  follower: Follower,
  { previous = false, mayBeAnother = previous }: WholeRead = {},
): AsyncGenerator<LogEvent, CaughtUp | Missed, undefined> {
  let before: Missed | undefined;
  let acceptsUnsure = false;
  for (let reads = 1; ; reads++) {
    const read: CaughtUp | Missed = yield* readNow(follower, {
      tailLines: undefined,
      previous,
      acceptsUnsure,
    });
    if (read.kind !== "missed") return read;
    const isAnother: boolean = read.isLater && (mayBeAnother || before?.isLater === true);
    const agrees: boolean = isAnother || read.content === before?.content;
    if (reads >= mostReads || (agrees && !read.isUnsure)) return read;
    // The read that takes it may end too early itself: then it is made again.
    acceptsUnsure ||= read.isUnsure && (agrees || reads === mostReads - 1);
    before = read;
    const pauseMs = Math.min(follower.limits.retryMaxMs, betweenMs * 2 ** (reads - 1));
    await sleep(follower.clock, pauseMs, follower.signal);
  }
}
