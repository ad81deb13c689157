import type { Follower } from "./follower.ts";
import { gapOf } from "./deliver.ts";
import { tailFor } from "./position.ts";
import { lost } from "./progress.ts";
import { type CaughtUp, readNow } from "./read-now.ts";
import { readWhole } from "./read-whole.ts";
import { crossIfRestarted } from "./restart.ts";
import type { LogEvent } from "./types.ts";

type CatchUp = {
  /** How often in a row a tail was too short already. */
  readonly misses?: number;
  /** How many lines are thought to be new. */
  readonly expected?: number | undefined;
};

/**
 * Reads the log as it is now and delivers what is new: first a tail, then larger ones, then the whole
 * file. Where the whole file does not show the last line it may be another container's; if it is not, a gap is
 * reported and the file delivered.
 */
export async function* catchUp(
  follower: Follower,
  { misses = 0, expected }: CatchUp = {},
): AsyncGenerator<LogEvent, CaughtUp, undefined> {
  for (let miss = misses; ; miss++) {
    const isWhole = follower.resent !== undefined;
    const tailLines = isWhole ? undefined : tailFor(follower.progress.at, miss, expected);
    const read =
      tailLines === undefined
        ? yield* readWhole(follower)
        : yield* readNow(follower, { tailLines });
    if (read.kind !== "missed") return read;
    if (tailLines !== undefined) continue;
    const crossed = yield* crossIfRestarted(follower);
    if (crossed.kind === "refused") return crossed;
    if (crossed.kind === "crossed") continue;
    follower.gap = gapOf(follower.progress);
    follower.progress = lost(follower.progress);
  }
}
