import { isDenied, messageOf } from "./answers.ts";
import { type GuardClock, limited, realGuardClock, sleep } from "./clock.ts";
import { decide, underWay } from "./decide.ts";
import { OrphanGuardError } from "./errors.ts";
import type { JobMarks } from "./guarded-write.ts";
import { type Supervised, supervisorOf } from "./supervision.ts";
import type { Supervisor } from "./supervisor-types.ts";
import type { Admission, BlockReason, Claim, JobStore, KnownJob } from "./types.ts";

export type AdmitOptions = {
  readonly store: JobStore;
  readonly claim: Claim;
  /** Where to look. */
  readonly namespace: string;
  /**
   * Other namespaces in which Jobs of the claim may still run, because it was moved. What is under way there
   * is in the way; it is not adopted. One that may not be read is left out. Default: none.
   */
  readonly elsewhere?: readonly string[];
  /** Selects the agent's Jobs, those of other tasks included. */
  readonly labelSelector: string;
  /**
   * Tells Jobs of live processes from Jobs left behind, and adopts. Without one every Job counts as left
   * behind, and a `reattach` is not adopted yet.
   */
  readonly supervisor?: Supervisor | undefined;
  /** More that is known of a Job. Default: what the supervisor says. */
  readonly isSupervised?: (job: KnownJob) => Supervised;
  /** What says on the adopted Job whose run it is now. */
  readonly marks?: (job: KnownJob) => JobMarks;
  /** Whether to wait while another run is in the way. Default `fail`. */
  readonly whenBusy?: "fail" | { readonly waitMs: number };
  /** Told before each wait. It must not throw. */
  readonly onWait?: (wait: AdmitWait) => void;
  /** Between two looks while waiting, in ms. Default 3,000. */
  readonly lookAgainMs?: number;
  readonly clock?: GuardClock;
  readonly signal: AbortSignal;
};

export type AdmitWait = {
  readonly reason: BlockReason;
  readonly jobs: readonly KnownJob[];
  /** Since `admit` was called. */
  readonly waitedMs: number;
};

/** How often an adoption that met others is decided afresh. */
const adoptions = 5;
/** An adoption is not given up with the run's signal: whether the Job is ours by now must be known. */
const adoptMs = 30_000;
/** A Lease is watched for its own duration, and a moment more for the look after that; a pod may use up its grace. */
const patienceMs = 45_000;
const passing: readonly BlockReason[] = ["supervision-unknown", "being-stopped"];

/**
 * Lists the agent's Jobs and decides; adopts, where that is the answer, by a write that only one of several
 * processes can make. A Lease of whose holder nobody can say whether it lives is watched for as long as it
 * lasts, also with `fail`. Fails closed: a cluster that cannot be read is never "clear".
 * @throws OrphanGuardError `ORPHAN_GUARD_BLIND` or `ORPHAN_GUARD_DENIED`, with the cause and its message; the signal's reason
 */
export async function admit(options: AdmitOptions): Promise<Admission> {
  const { supervisor, clock = realGuardClock, whenBusy = "fail", signal } = options;
  const startedAt = clock.now();
  const busyMs = whenBusy === "fail" ? 0 : whenBusy.waitMs;
  let met = 0;
  for (;;) {
    const answer = await decideNow(options);
    const waitedMs = clock.now() - startedAt;
    if (answer.kind === "clear") return answer;
    if (answer.kind === "reattach") {
      if (supervisor === undefined) return answer;
      signal.throwIfAborted();
      const job = await limited({ clock, ms: adoptMs }, (within) =>
        supervisor.adopt(answer.job, options.marks?.(answer.job) ?? {}, within),
      );
      if (job !== undefined) return { ...answer, job };
      met += 1;
      if (met >= adoptions) return { kind: "blocked", reason: "concurrent", jobs: [answer.job] };
      continue;
    }
    const limitMs = passing.includes(answer.reason) ? Math.max(busyMs, patienceMs) : busyMs;
    if (waitedMs >= limitMs) return answer;
    options.onWait?.({ reason: answer.reason, jobs: answer.jobs, waitedMs });
    await sleep(clock, Math.min(options.lookAgainMs ?? 3_000, limitMs - waitedMs), signal);
  }
}

async function decideNow(options: AdmitOptions): Promise<Admission> {
  const { store, claim, namespace, elsewhere = [], labelSelector, supervisor, signal } = options;
  try {
    const jobs = await store.list({ namespace, labelSelector, signal });
    // After the Jobs: whoever made one had its Lease before.
    const isOthers = (job: KnownJob): boolean =>
      ![undefined, supervisor?.identity].includes(supervisorOf(job));
    if (supervisor !== undefined && jobs.some(isOthers)) await supervisor.look(signal);
    const isSupervised = options.isSupervised ?? ((job) => supervisor?.isSupervised(job) ?? false);
    const admission = decide(claim, jobs, isSupervised);
    await goOnStopping(options, admission, isSupervised);
    if (admission.kind !== "clear" || elsewhere.length === 0) return admission;
    const others = await underWayElsewhere(options);
    if (others.length === 0) return admission;
    return { kind: "blocked", reason: "other-namespace", jobs: others };
  } catch (cause) {
    signal.throwIfAborted();
    const code = isDenied(cause) ? "ORPHAN_GUARD_DENIED" : "ORPHAN_GUARD_BLIND";
    const message = `cannot list the Jobs ${labelSelector} in namespace ${namespace}: ${messageOf(cause)}`;
    throw new OrphanGuardError(code, message, { cause });
  }
}

async function underWayElsewhere({
  store,
  claim,
  elsewhere = [],
  labelSelector,
  signal,
}: AdmitOptions): Promise<readonly KnownJob[]> {
  const lists = elsewhere.map(async (namespace) => {
    try {
      return await store.list({ namespace, labelSelector, signal });
    } catch (error) {
      // Rights end where the claim has moved away from; that must not keep it from where it is now.
      if (isDenied(error)) return [];
      throw error;
    }
  });
  return underWay(claim, (await Promise.all(lists)).flat());
}

/** Whoever noted that a Job is to stop may have died before it asked for the deletion. */
async function goOnStopping(
  { store, signal }: AdmitOptions,
  admission: Admission,
  isSupervised: (job: KnownJob) => Supervised,
): Promise<void> {
  if (admission.kind !== "blocked" || admission.reason !== "being-stopped") return;
  for (const job of admission.jobs)
    if (job.deletionTimestamp === undefined && isSupervised(job) === false)
      await store.deleteJob(job, signal);
}
