import { isDenied, messageOf } from "./answers.ts";
import { backgroundClock, limited } from "./clock.ts";
import { OrphanGuardError } from "./errors.ts";
import {
  type GuardedAnswer,
  isSameUid,
  type JobMarks,
  remove,
  takeOver,
  writeMarks,
} from "./guarded-write.ts";
import { leaseSightings } from "./lease-sightings.ts";
import { annotations } from "./marks.ts";
import { goneMeanwhile, lossText } from "./loss.ts";
import { ownLease } from "./own-lease.ts";
import { epochOf, supervisorOf } from "./supervision.ts";
import type { SupervisedWrite, Supervisor, SupervisorOptions } from "./supervisor-types.ts";
import type { JobRef } from "./types.ts";

const nobody = { [annotations.supervisor]: null };

type LastWord = { readonly job: JobRef; readonly epoch: number; readonly marks: JobMarks };

/** How long the looks at held Jobs may take after this process was away. */
const checkMs = 30_000;

/**
 * Makes this process a supervisor: writes its Lease, and keeps it renewed. Without the right to Leases it is
 * one all the same, `weaker` by what it says: a Job of another live process cannot be told from one left behind.
 * @throws the reason of `signal`
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { store, leases, identity, clock = backgroundClock, signal } = options;
  // With the lapses of the Lease until then.
  const held = new Map<string, { readonly job: JobRef; readonly epoch: number; lapses: number }>();
  // Given up, and not yet said so on the Job: with our Lease alive, others would wait for nothing.
  const unsaid = new Map<string, LastWord>();
  const sightings = leaseSightings();

  const lost = (job: JobRef, answer: Extract<GuardedAnswer, { kind: "lost" }>): void => {
    if (!held.delete(keyOf(job))) return;
    options.onLost?.(job, lossText(answer));
  };
  // Whether they are still ours is what a process that was away must ask before anything else.
  const checkHeld = async (): Promise<void> => {
    for (const { job, epoch } of held.values()) {
      const answer = await limited({ clock, ms: checkMs }, async (within) => {
        const read = await store.read(job, within);
        if (read === undefined || !isSameUid(read, job)) return goneMeanwhile(epoch);
        if (supervisorOf(read) === identity && epochOf(read) === epoch) return undefined;
        return { kind: "lost", by: supervisorOf(read), epoch: epochOf(read) } as const;
      }).catch(() => undefined); // A look that failed is made up for by the guard of the next write.
      if (answer !== undefined) lost(job, answer);
    }
  };

  const sayUnsaid = async (): Promise<void> => {
    for (const [key, { job, epoch, marks }] of unsaid) {
      const hold = { identity, epoch };
      try {
        await limited({ clock, ms: checkMs }, (within) =>
          writeMarks({ store, job, hold }, marks, within),
        );
        unsaid.delete(key);
      } catch (error) {
        if (isDenied(error)) unsaid.delete(key); // Else it is said again after the next renewal.
      }
    }
  };

  const lease = await ownLease(
    {
      leases,
      identity,
      clock,
      durationMs: options.durationMs ?? 30_000,
      renewEveryMs: options.renewEveryMs ?? 10_000,
      aliveMs: options.aliveMs ?? 20_000,
      onRenewed: (wasLapsed) => {
        if (wasLapsed) void checkHeld();
        if (unsaid.size > 0) void sayUnsaid();
      },
    },
    signal,
  );
  const hasNoLease = (): boolean => lease.state === "denied";
  // Why others' Leases may not be listed, as the API server said it.
  let unlisted: string | undefined;
  const ready = async (within: AbortSignal): Promise<boolean> =>
    hasNoLease() || (await lease.ensure(within)) || hasNoLease();

  const guard = async (
    job: JobRef,
    write: (hold: { identity: string; epoch: number }) => Promise<GuardedAnswer>,
    within: AbortSignal,
  ): Promise<SupervisedWrite> => {
    const hold = held.get(keyOf(job));
    if (hold === undefined) return { kind: "lost", by: undefined, epoch: 0 };
    if (!(await ready(within)))
      return { kind: "paused", why: `its Lease cannot be renewed: ${lease.problem ?? "released"}` };
    const done = await write({ identity, epoch: hold.epoch });
    // What went while this process was away was ended by somebody who had taken it over.
    const wasTaken = done.kind === "gone" && hold.lapses !== lease.lapses;
    const answer = wasTaken ? goneMeanwhile(hold.epoch) : done;
    if (answer.kind === "lost") lost(job, answer);
    return answer;
  };

  return {
    identity,
    get alive() {
      return lease.state !== "lapsed";
    },
    get problem() {
      return lease.problem;
    },
    get weaker() {
      const missing = hasNoLease() ? (lease.problem ?? "denied") : unlisted;
      if (missing === undefined) return undefined;
      const whose =
        unlisted === undefined ? "this process follows" : "another live process follows";
      return `a Job that ${whose} is taken for one left behind, for a right to Leases is missing: ${missing}`;
    },
    ready,
    stamp(job) {
      const own = { [annotations.supervisor]: identity, [annotations.epoch]: "1" };
      const marks = { ...job.metadata.annotations, ...own };
      return { ...job, metadata: { ...job.metadata, annotations: marks } };
    },
    hold: (job) => void held.set(keyOf(job), { job, epoch: epochOf(job), lapses: lease.lapses }),
    epoch: (job) => held.get(keyOf(job))?.epoch,
    async adopt(job, marks, within) {
      if (!(await ready(within)))
        throw new OrphanGuardError(
          "ORPHAN_GUARD_BLIND",
          `cannot adopt the Job ${job.name}: the Lease of this process cannot be renewed: ${lease.problem ?? "it was released"}`,
        );
      const taken = await takeOver({ store, identity, decided: job }, marks, within);
      const { lapses } = lease;
      if (taken !== undefined)
        held.set(keyOf(taken), { job: taken, epoch: epochOf(taken), lapses });
      return taken;
    },
    write: (job, marks, within) =>
      guard(job, (hold) => writeMarks({ store, job, hold }, marks, within), within),
    async remove(job, within) {
      const answer = await guard(job, (hold) => remove({ store, job, hold }, within), within);
      if (answer.kind === "done" || answer.kind === "gone") held.delete(keyOf(job));
      return answer;
    },
    async letGo(job, marks, within) {
      const free = { ...marks, annotations: { ...marks.annotations, ...nobody } };
      const mine = held.get(keyOf(job));
      let isSaid = false;
      try {
        const answer = await guard(
          job,
          (hold) => writeMarks({ store, job, hold }, free, within),
          within,
        );
        isSaid = answer.kind !== "paused";
        return answer;
      } finally {
        held.delete(keyOf(job));
        if (!isSaid && mine !== undefined) unsaid.set(keyOf(job), { ...mine, marks: free });
      }
    },
    async look(within) {
      if (hasNoLease() && unlisted !== undefined) return;
      const before = clock.now();
      try {
        const found = await leases.list(within);
        unlisted = undefined;
        sightings.see(found, before, clock.now());
      } catch (error) {
        if (!isDenied(error)) throw error;
        unlisted = messageOf(error);
      }
    },
    get tellsAlive() {
      return unlisted === undefined;
    },
    isSupervised(job) {
      const supervisor = supervisorOf(job);
      if (supervisor === undefined) return false;
      if (supervisor === identity) return held.has(keyOf(job));
      return unlisted === undefined ? sightings.isAlive(supervisor) : false;
    },
    unchangedLeases: (ms) =>
      sightings.unchangedFor(ms).filter((other) => other.identity !== identity),
    release: (within) => lease.release(within),
  };
}

/** A uid is one Job's alone; names come again. */
function keyOf({ namespace, name, uid }: JobRef): string {
  return uid ?? `${namespace}/${name}`;
}
