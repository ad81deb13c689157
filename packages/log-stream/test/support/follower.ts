import type { Follower } from "../../src/follower.ts";
import type { LogSource } from "../../src/index.ts";
import { atTheStart } from "../../src/progress.ts";
import { settledLimits } from "../../src/settings.ts";
import { target } from "./collect.ts";
import { jumpingClock } from "./jumping-clock.ts";

/** A follow of a running container that is at its start, for what is one step of one. */
export function followerOf(source: LogSource, change: Partial<Follower> = {}): Follower {
  return {
    source,
    target,
    containerState: async () => ({ kind: "running" }),
    signal: new AbortController().signal,
    limits: settledLimits(),
    spoolFolder: undefined,
    clock: jumpingClock(),
    progress: atTheStart,
    gap: undefined,
    resent: undefined,
    hasRestarted: false,
    ...change,
  };
}
