import { idOf, isSameId, isUnmarked, text } from "./job-ids.ts";
import { isUnfinished } from "./known-job.ts";
import { annotations } from "./marks.ts";
import type { Supervised } from "./supervision.ts";
import type { Admission, BlockReason, Claim, KnownJob } from "./types.ts";

/**
 * Whether `claim` may start, given the agent's Jobs in any order. A Job is active when it has not ended, is
 * not being deleted and is no unfinished creation. The newest decides first; one that blocks decides even
 * when another matches.
 *
 * Of active Jobs, in order: one of the same run; one that a live process follows; one being stopped;
 * reattaching not allowed; then, Job by Job, task unknown, other task, other session; then more than one
 * match; then supervision that is not known yet. Without active ones: a Job that has ended and that nobody
 * has read is collected, that of the repeated run before newer ones. Jobs of other agents do not count.
 * @param isSupervised whether a live process follows a Job. Default: none does
 */
export function decide(
  claim: Claim,
  jobs: readonly KnownJob[],
  isSupervised: (job: KnownJob) => Supervised = () => false,
): Admission {
  const guarded = jobs.filter((job) => isGuardedWith(claim, job)).toSorted(newestFirst);
  const active = guarded.filter(isActive);
  const sameRun = active.filter((job) => isSameId(job, "runId", claim.runId) !== false);
  if (sameRun.length > 0) return blocked("same-run-active", sameRun);
  const concurrent = active.filter((job) => isSupervised(job) === true);
  if (concurrent.length > 0) return blocked("concurrent", concurrent);
  const stopping = guarded.filter(isStopping);
  if (stopping.length > 0) return blocked("being-stopped", stopping);
  const [newest] = active;
  if (newest === undefined) return collectable(claim, guarded, isSupervised);
  if (!claim.allowReattach) return blocked("reattach-disabled", active);

  for (const job of active) {
    const reason = mismatch(claim, job);
    if (reason !== undefined) return blocked(reason, [job]);
  }
  if (active.length > 1) return blocked("several-active", active);
  if (isSupervised(newest) === "unknown") return blocked("supervision-unknown", [newest]);
  return { kind: "reattach", job: newest, state: newest.readyPods > 0 ? "running" : "pending" };
}

/** Jobs of the claim whose programs run or may yet run, newest first. */
export function underWay(claim: Claim, jobs: readonly KnownJob[]): readonly KnownJob[] {
  return jobs
    .filter((job) => isGuardedWith(claim, job) && (isActive(job) || isStopping(job)))
    .toSorted(newestFirst);
}

function blocked(reason: BlockReason, jobs: readonly KnownJob[]): Admission {
  return { kind: "blocked", reason, jobs };
}

/** A stop was asked for: such a Job is stopped, never adopted. */
export function isCancelRequested(job: KnownJob): boolean {
  return text(job.annotations[annotations.cancelRequested]) !== undefined;
}

/** Its program may still run, and is to end: whoever starts beside it would share its volume. */
function isStopping(job: KnownJob): boolean {
  if (job.deletionTimestamp === undefined) return isActive(job) && isCancelRequested(job);
  return job.ended === undefined && job.readyPods + job.terminatingPods > 0;
}

/** It has ended, and its result was not handed to anybody. */
export function isUnread(job: KnownJob): boolean {
  const isKept = text(job.annotations[annotations.collectedAt]) !== undefined;
  return (
    job.ended !== undefined &&
    job.deletionTimestamp === undefined &&
    !isKept &&
    !isCancelRequested(job)
  );
}

export function isActive(job: KnownJob): boolean {
  return job.ended === undefined && job.deletionTimestamp === undefined && !isUnfinished(job);
}

/** One that a live process follows is about to be read by it, and in nobody's way. */
function collectable(
  claim: Claim,
  jobs: readonly KnownJob[],
  isSupervised: (job: KnownJob) => Supervised,
): Admission {
  if (!claim.allowReattach) return { kind: "clear" };
  const unread = jobs.filter(
    (job) =>
      isUnread(job) &&
      !mayBeKept(claim, job) &&
      idOf(job, "runId") !== undefined &&
      isSameId(job, "runId", claim.runId) === false &&
      mismatch(claim, job) === undefined &&
      isSupervised(job) !== true,
  );
  const repeated = unread.find((job) => isSameId(job, "runId", claim.retryOfRunId) === true);
  const job = repeated ?? unread[0];
  if (job === undefined) return { kind: "clear" };
  return isSupervised(job) === "unknown"
    ? blocked("supervision-unknown", [job])
    : { kind: "reattach", job, state: "finished" };
}

/** Whoever made it left no word on whether its result was read; where such Jobs are kept, it was. */
function mayBeKept({ keepsFinished, retryOfRunId }: Claim, job: KnownJob): boolean {
  const isRepeated = isSameId(job, "runId", retryOfRunId) === true;
  return keepsFinished === true && isUnmarked(job) && !isRepeated;
}

function isGuardedWith(claim: Claim, job: KnownJob): boolean {
  const agent = text(job.annotations[annotations.agentId]);
  if (agent !== undefined && agent !== claim.agentId) return false;
  if ((claim.guardScope ?? "agent") === "agent") return true;
  const key = text(job.annotations[annotations.guardKey]);
  if (key !== undefined) return key === claim.guardKey;
  return idOf(job, "taskId") === undefined || isSameId(job, "taskId", claim.taskId) !== false;
}

function mismatch(claim: Claim, job: KnownJob): BlockReason | undefined {
  const hasTasks = text(claim.taskId) !== undefined && idOf(job, "taskId") !== undefined;
  const isSameTask = isSameId(job, "taskId", claim.taskId);
  if (!hasTasks || isSameTask === "unknown") return "task-unknown";
  if (!isSameTask) return "other-task";

  const hasSessions = text(claim.sessionId) !== undefined && idOf(job, "sessionId") !== undefined;
  const isOtherSession = hasSessions && isSameId(job, "sessionId", claim.sessionId) === false;
  return isOtherSession ? "other-session" : undefined;
}

/** By creation time; a Job without one may be the newest, so it comes first. */
function newestFirst(a: KnownJob, b: KnownJob): number {
  return moment(b) - moment(a);
}

function moment(job: KnownJob): number {
  const at = Date.parse(job.creationTimestamp ?? "");
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
}
