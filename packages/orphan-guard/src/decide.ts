import { isUnfinished } from "./known-job.ts";
import { annotations, labels } from "./marks.ts";
import type { Admission, BlockReason, Claim, KnownJob } from "./types.ts";

/**
 * Whether `claim` may start, given the agent's Jobs in any order. Only active Jobs count: not ended, not
 * being deleted, not an unfinished creation. The newest decides first; one that blocks decides even when
 * another matches.
 *
 * Reasons in order: a Job of the same run; reattaching not allowed; then, Job by Job, task unknown, other
 * task, other session; then more than one match.
 */
export function decide(claim: Claim, jobs: readonly KnownJob[]): Admission {
  const active = jobs
    .filter((job) => isActive(job) && isGuardedWith(claim, job))
    .toSorted(newestFirst);

  const sameRun = active.filter((job) => idOf(job, "runId") === claim.runId);
  if (sameRun.length > 0) return { kind: "blocked", reason: "same-run-active", jobs: sameRun };

  const [newest] = active;
  if (newest === undefined) return { kind: "clear" };
  if (!claim.allowReattach) return { kind: "blocked", reason: "reattach-disabled", jobs: active };

  for (const job of active) {
    const reason = mismatch(claim, job);
    if (reason !== undefined) return { kind: "blocked", reason, jobs: [job] };
  }
  if (active.length > 1) return { kind: "blocked", reason: "several-active", jobs: active };
  return { kind: "reattach", job: newest, state: newest.readyPods > 0 ? "running" : "pending" };
}

function isActive(job: KnownJob): boolean {
  return job.ended === undefined && job.deletionTimestamp === undefined && !isUnfinished(job);
}

function isGuardedWith(claim: Claim, job: KnownJob): boolean {
  if ((claim.guardScope ?? "agent") === "agent") return true;
  const key = text(job.annotations[annotations.guardKey]);
  if (key !== undefined) return key === claim.guardKey;
  const task = idOf(job, "taskId");
  return task === undefined || task === claim.taskId;
}

function mismatch(claim: Claim, job: KnownJob): BlockReason | undefined {
  const wantedTask = text(claim.taskId);
  const task = idOf(job, "taskId");
  if (wantedTask === undefined || task === undefined) return "task-unknown";
  if (wantedTask !== task) return "other-task";

  const wantedSession = text(claim.sessionId);
  const session = idOf(job, "sessionId");
  const bothKnown = wantedSession !== undefined && session !== undefined;
  return bothKnown && wantedSession !== session ? "other-session" : undefined;
}

/** The raw id from the annotation; the label where there is none. */
function idOf(job: KnownJob, id: keyof typeof labels): string | undefined {
  return text(job.annotations[annotations[id]]) ?? text(job.labels[labels[id]]);
}

/** Ids of no characters say nothing. */
function text(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** By creation time; a Job without one may be the newest, so it comes first. */
function newestFirst(a: KnownJob, b: KnownJob): number {
  return moment(b) - moment(a);
}

function moment(job: KnownJob): number {
  const at = Date.parse(job.creationTimestamp ?? "");
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
}
