import { isActive, isCancelRequested } from "./decide.ts";
import { isUnmarked } from "./job-ids.ts";
import { isUnfinished } from "./known-job.ts";
import { annotations } from "./marks.ts";
import type { Supervised } from "./supervision.ts";
import type { KnownJob } from "./types.ts";

/** Ages in ms. They are counted from times the API server wrote, by the wall clock: give minutes, not seconds. */
export type SweepPolicy = {
  /** A Job that was made and never let go. Default 60,000. */
  readonly unfinishedMs?: number;
  /**
   * A Job that has ended and whose result nobody read. Default a day; never of one without annotations of
   * this package, which may be kept on purpose.
   */
  readonly unreadMs?: number;
  /** A Job that runs and that nobody follows. Default: never; only reported. */
  readonly runningMs?: number;
  /** A Lease that did not change before this process's eyes. Default an hour. */
  readonly leaseMs?: number;
};

/**
 * - `supervised`, `supervision-unknown`, `kept`, `young`, `leaving`: nothing to do.
 * - `running`: nobody follows it; the next run of its task adopts it.
 */
export type SweepReason =
  | "supervised"
  | "supervision-unknown"
  | "leaving"
  | "kept"
  | "young"
  | "running"
  | "unfinished"
  | "cancelled"
  | "unread"
  | "abandoned";

export type SweepStep = {
  readonly action: "leave" | "report" | "delete";
  readonly reason: SweepReason;
};

/** What is to become of one Job. Pure; `now` in ms since the epoch. */
export function planSweep(
  job: KnownJob,
  supervised: Supervised,
  { policy, now }: { readonly policy: SweepPolicy; readonly now: number },
): SweepStep {
  const older = (ms: number, since = job.creationTimestamp): boolean => {
    const at = Date.parse(since ?? "");
    return !Number.isNaN(at) && now - at >= ms;
  };
  if (supervised === true) return leave("supervised");
  if (supervised === "unknown") return leave("supervision-unknown");
  if (job.deletionTimestamp !== undefined) return leave("leaving");
  if (isUnfinished(job))
    return older(policy.unfinishedMs ?? 60_000)
      ? { action: "delete", reason: "unfinished" }
      : leave("young");
  if (isCancelRequested(job)) return { action: "delete", reason: "cancelled" };
  if (isActive(job))
    return policy.runningMs !== undefined && older(policy.runningMs)
      ? { action: "delete", reason: "abandoned" }
      : { action: "report", reason: "running" };
  if (job.annotations[annotations.collectedAt] !== undefined) return leave("kept");
  const unreadMs = policy.unreadMs ?? (isUnmarked(job) ? Number.POSITIVE_INFINITY : 86_400_000);
  return older(unreadMs, job.endedAt ?? job.creationTimestamp)
    ? { action: "delete", reason: "unread" }
    : { action: "report", reason: "unread" };
}

function leave(reason: SweepReason): SweepStep {
  return { action: "leave", reason };
}
