import { realGuardClock, sleep } from "./clock.ts";
import { createRun } from "./create-run.ts";
import { decide } from "./decide.ts";
import { OrphanGuardError } from "./errors.ts";
import { isUnfinished } from "./known-job.ts";
import { type Supervised, supervisorOf } from "./supervision.ts";
import type { Supervisor } from "./supervisor-types.ts";
import type { Claim, CreateRunOptions, KnownJob, RunCreation } from "./types.ts";

export type CreateWhenFreeOptions = CreateRunOptions & {
  readonly claim: Claim;
  /** Gets the Job that is made, and says who follows the one that is in the way. */
  readonly supervisor?: Supervisor | undefined;
  /** More that is known of the Job in the way. Default: what the supervisor says. */
  readonly isSupervised?: (job: KnownJob) => Supervised;
  /** For the name to get free, in ms. Default 60,000: the pod of a Job that is deleted may use up its grace. */
  readonly nameWaitMs?: number;
  /** Between two attempts, in ms. Default 500. */
  readonly lookAgainMs?: number;
  /** Told before each wait for the Job in the way. */
  readonly onWait?: (job: KnownJob) => Promise<void> | void;
};

export type CreationWhenFree =
  | Extract<RunCreation, { kind: "created" }>
  /** The Job that has the name is in the way for longer, or should be adopted: ask `admit` again. */
  | { readonly kind: "busy"; readonly job: KnownJob };

/** A creation under way has this long to finish where nothing tells whether its process lives. */
const unfinishedMs = 10_000;

/**
 * `createRun`, where a name that is taken is no end: what `decide` takes for clear makes room. A Job that
 * has ended and was read, or that was never let go by a process that is gone, is deleted; one that is being
 * deleted, or that a live process is about to finish or delete, is waited for. Whatever `decide` says
 * otherwise of it is for `admit`. A process whose Lease cannot be renewed creates nothing: others would
 * take the new Job for one left behind.
 * @throws OrphanGuardError `ORPHAN_GUARD_BLIND` when the Lease cannot be renewed; what `createRun` throws; OrphanGuardError `ORPHAN_GUARD_REFUSED` when somebody deletes each Job before it is let go
 */
export async function createWhenFree(options: CreateWhenFreeOptions): Promise<CreationWhenFree> {
  const { store, supervisor, clock = realGuardClock, signal } = options;
  const job = supervisor?.stamp(options.job) ?? options.job;
  const startedAt = clock.now();
  const endsAt = startedAt + (options.nameWaitMs ?? 60_000);
  const lookAgainMs = options.lookAgainMs ?? 500;
  for (;;) {
    let pauseMs = lookAgainMs;
    if (supervisor !== undefined && !(await supervisor.ready(signal)))
      throw new OrphanGuardError(
        "ORPHAN_GUARD_BLIND",
        `cannot create the Job ${job.metadata.name}: the Lease of this process cannot be renewed: ${supervisor.problem ?? "it was released"}`,
      );
    const made = await createRun({ ...options, job });
    if (made.kind === "created") {
      supervisor?.hold(made.job);
      return made;
    }
    const isOver = clock.now() >= endsAt;
    if (made.kind === "exists") {
      const holder = made.job;
      const supervised = await supervisionOf(holder, options);
      const isClear = decide(options.claim, [holder], () => supervised).kind === "clear";
      if (!isClear || isOver) return { kind: "busy", job: holder };
      // A Lease changes every ten seconds at most; each look is one more request.
      if (supervised === "unknown") pauseMs = 4 * lookAgainMs;
      await options.onWait?.(holder);
      // What no Lease tells is given time instead: a creation may be under way.
      const isTold = supervisor?.tellsAlive === true && supervisorOf(holder) !== undefined;
      const mayFinish = isUnfinished(holder) && !isTold && clock.now() < startedAt + unfinishedMs;
      if (holder.deletionTimestamp === undefined && supervised === false && !mayFinish)
        await store.deleteJob(holder, signal);
    } else if (isOver) {
      throw new OrphanGuardError(
        "ORPHAN_GUARD_REFUSED",
        `the Job ${job.metadata.name} was deleted by somebody else before it was let go`,
      );
    }
    await sleep(clock, pauseMs, signal);
  }
}

async function supervisionOf(
  job: KnownJob,
  { supervisor, isSupervised, signal }: CreateWhenFreeOptions,
): Promise<Supervised> {
  if (supervisor !== undefined && ![undefined, supervisor.identity].includes(supervisorOf(job)))
    await supervisor.look(signal);
  return isSupervised?.(job) ?? supervisor?.isSupervised(job) ?? false;
}
