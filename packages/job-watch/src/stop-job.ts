import { realClock, sleep, unlessAborted } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { identity, type Identity } from "./identity.ts";
import type { StopOptions, StopOutcome } from "./ports.ts";
import { present } from "./present.ts";
import { createPodStopper, type PodStopper } from "./stop-pods.ts";
import type { JobSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/** Says that a stop was asked for: any process can go on from it after a crash. */
const cancelRequested = "claude-k8s/cancel-requested";

/**
 * Stops a Job: notes the intent on it, deletes it in the foreground, waits until the API server says
 * that it and its pods are no more, or that its name belongs to another Job. A pod that outlasts its
 * grace is taken away, on a healthy node only. Safe to repeat, to run twice at once, and to be gone on
 * with by another process.
 * @throws JobWatchError `JOB_WATCH_DENIED` when a right is missing; the signal's reason; TypeError for a name that is none
 */
export async function stopJob(options: StopOptions): Promise<StopOutcome> {
  const { clock = realClock, graceMs, signal } = options;
  // As a path this is all Jobs of the namespace, and the API server would delete them.
  if (/^\.{0,2}$/.test(options.job.name))
    throw new TypeError(`job.name must be a Job's name, not ${JSON.stringify(options.job.name)}`);
  signal.throwIfAborted();
  // Ends with the caller's signal or with the time, also for a client that heeds neither.
  const limited = new AbortController();
  const onAbort = (): void => limited.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.after(graceMs, () => limited.abort(new Error("the time is over")));
  const attempt: Attempt = {
    who: identity(options.job.uid),
    asked: false,
    failures: 0,
    problem: undefined,
    pods: createPodStopper({ ...options, signal: limited.signal }, () => clock.now()),
    mayListPods: options.jobs.listPods !== undefined,
    forced: false,
    left: undefined,
  };
  try {
    for (;;) {
      const outcome = await unlessAborted(
        look({ ...options, signal: limited.signal }, attempt),
        limited.signal,
      );
      if (outcome !== undefined) return outcome;
      await sleep(clock, options.pollMs ?? 500, limited.signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!limited.signal.aborted) throw error;
    return { kind: "left", what: leftOver(options, attempt) };
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}

type Attempt = {
  readonly who: Identity;
  /** The deletion was asked for. */
  asked: boolean;
  failures: number;
  /** Of the last look. */
  problem: Error | undefined;
  readonly pods: PodStopper;
  mayListPods: boolean;
  forced: boolean;
  /** What is left of its pods, in words. */
  left: string | undefined;
};

/** `undefined`: look again. */
async function look(options: StopOptions, attempt: Attempt): Promise<StopOutcome | undefined> {
  const { who, failures } = attempt;
  try {
    const job = await options.jobs.readJob(options.job, options.signal);
    options.signal.throwIfAborted();
    attempt.problem = undefined;
    const isGone = job === undefined || !who.isJob(job);
    if (isGone || job.deleting) await lookAtPods(attempt, isGone);
    if (isGone)
      return attempt.left === undefined ? { kind: "gone", forced: attempt.forced } : undefined;
    if (attempt.asked) return undefined;
    if (!isOurs(job, options.expected)) return { kind: "lost" };
    // Noting the intent is a help; the deletion has a guard of its own.
    attempt.asked = await ask(options, { job, who, noteIntent: failures < 3 });
    if (!attempt.asked) attempt.failures++;
  } catch (error) {
    if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
    attempt.problem = error;
  }
  return undefined;
}

/**
 * The Job's end says that its pods are gone only when it was deleted in the foreground, and somebody else
 * may have deleted it otherwise.
 */
async function lookAtPods(attempt: Attempt, isJobGone: boolean): Promise<void> {
  // Without a uid nobody can tell the pods of one Job from those of the next one of its name.
  if (!attempt.mayListPods || attempt.who.uid === undefined) return;
  try {
    const { forced, left } = await attempt.pods.look(attempt.who, isJobGone);
    attempt.forced = forced;
    attempt.left = left;
  } catch (error) {
    if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_DENIED") throw error;
    attempt.mayListPods = false;
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
    signal.throwIfAborted();
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

function leftOver(
  { job, graceMs }: StopOptions,
  { asked, problem, left }: Pick<Attempt, "asked" | "problem" | "left">,
): string {
  const name = `Job ${job.namespace}/${job.name}`;
  const cause = problem?.message ?? left;
  const why = cause === undefined ? "" : `: ${cause}`;
  if (!asked) return `${name}: could not be asked to stop within ${graceMs} ms${why}`;
  return `${name}: still there ${graceMs} ms after its deletion was asked for${why}`;
}
