import { realClock, sleep } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { identity, type Identity } from "./identity.ts";
import type { StopOptions, StopOutcome } from "./ports.ts";
import { present } from "./present.ts";
import type { JobSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/** Says that a stop was asked for: any process can go on from it after a crash. */
const cancelRequested = "claude-k8s/cancel-requested";

/**
 * Stops a Job: notes the intent on it, deletes it in the foreground, waits until the API server says
 * it is no more, or that its name belongs to another Job. Safe to repeat and to run twice at once.
 * @throws JobWatchError `JOB_WATCH_DENIED` when a right is missing; the signal's reason; TypeError for a name that is none
 */
export async function stopJob(options: StopOptions): Promise<StopOutcome> {
  const { clock = realClock, graceMs, signal } = options;
  // As a path this is all Jobs of the namespace, and the API server would delete them.
  if (/^\.{0,2}$/.test(options.job.name))
    throw new TypeError(`job.name must be a Job's name, not ${JSON.stringify(options.job.name)}`);
  const deadline = clock.now() + graceMs;
  const who = identity(options.job.uid);
  let asked = false;
  let failures = 0;
  let problem: unknown;
  for (;;) {
    signal.throwIfAborted();
    try {
      const job = await options.jobs.readJob(options.job, signal);
      if (job === undefined || !who.isJob(job)) return { kind: "gone", forced: false };
      if (!asked) {
        if (!isOurs(job, options.expected)) return { kind: "lost" };
        // Noting the intent is a help; the deletion has a guard of its own.
        asked = await ask(options, { job, who, noteIntent: failures < 3 });
        if (!asked) failures++;
      }
      problem = undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
      problem = error;
    }
    const leftMs = deadline - clock.now();
    if (leftMs <= 0) return { kind: "left", what: leftOver(options, asked, problem) };
    await sleep(clock, Math.min(options.pollMs ?? 500, leftMs), signal);
  }
}

function isOurs({ annotations }: JobSnapshot, expected: StopOptions["expected"]): boolean {
  if (expected === undefined) return true;
  const sameSupervisor = annotations?.["claude-k8s/supervisor"] === expected.supervisor;
  return sameSupervisor && annotations["claude-k8s/epoch"] === String(expected.epoch);
}

/** Whether the deletion was asked for; false: the Job has changed meanwhile, so read and decide again. */
async function ask(
  options: StopOptions,
  { job, who, noteIntent }: { job: JobSnapshot; who: Identity; noteIntent: boolean },
): Promise<boolean> {
  if (job.deleting) return true;
  const { jobs, expected, signal } = options;
  const ref = { ...options.job, ...present({ uid: who.uid }) };
  const isNoted = job.annotations?.[cancelRequested] !== undefined;
  if (noteIntent && !isNoted) {
    const noted = await note(options, ref, job);
    if (noted === "failed") return false;
    // The note has made another version of it, whose supervisor nobody has read yet.
    if (noted === "written" && expected !== undefined) return false;
  }
  const guard = expected === undefined ? {} : present({ resourceVersion: job.resourceVersion });
  const answer = await jobs.deleteJob({ ...ref, ...guard }, signal);
  // "gone" is seen by the next read, which decides; so is "another" uid.
  return answer !== "another" || expected === undefined;
}

async function note(
  { jobs, requestedAt, signal }: StopOptions,
  ref: JobRef,
  { resourceVersion }: JobSnapshot,
): Promise<"written" | "failed" | "left out"> {
  const annotations = { [cancelRequested]: requestedAt ?? new Date().toISOString() };
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  try {
    const answer = await jobs.annotate(ref, { annotations, ...version }, signal);
    return answer === "conflict" ? "failed" : "written";
  } catch (error) {
    signal.throwIfAborted();
    if (!JobWatchError.isInstance(error)) throw error;
    // Who may delete and not patch can still stop a Job. What may pass is tried again, and not for ever.
    return error.code === "JOB_WATCH_DENIED" ? "left out" : "failed";
  }
}

function leftOver({ job, graceMs }: StopOptions, asked: boolean, problem: unknown): string {
  const name = `Job ${job.namespace}/${job.name}`;
  if (!asked) return `${name}: could not be asked to stop within ${graceMs} ms${because(problem)}`;
  return `${name}: still there ${graceMs} ms after its deletion was asked for${because(problem)}`;
}

function because(problem: unknown): string {
  return problem instanceof Error ? `: ${problem.message}` : "";
}
