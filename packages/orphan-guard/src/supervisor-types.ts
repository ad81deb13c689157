import type { GuardClock } from "./clock.ts";
import type { GuardedAnswer, JobMarks } from "./guarded-write.ts";
import type { KnownLease, LeaseStore } from "./lease-store.ts";
import type { Supervised } from "./supervision.ts";
import type { JobManifestLike, JobRef, JobStore, KnownJob } from "./types.ts";

export type SupervisorOptions = {
  readonly leases: LeaseStore;
  readonly store: JobStore;
  /** Of this process alone, for its whole life: a-z, 0-9 and -. A UUID is one. */
  readonly identity: string;
  /** After so long without a renewal others may take over, in ms. Default 30,000. */
  readonly durationMs?: number;
  /** In ms. Default 10,000. */
  readonly renewEveryMs?: number;
  /** Without a renewal for so long, no guarded write is made before there is one, in ms. Default 20,000. */
  readonly aliveMs?: number;
  /** Default: the real time, by timers that keep no process alive. */
  readonly clock?: GuardClock;
  /** Told of a Job that somebody else has taken over, in words, as soon as this is seen. */
  readonly onLost?: (job: JobRef, why: string) => void;
  /** For the first attempt to write the Lease. */
  readonly signal: AbortSignal;
};

/** A Job of this supervisor's, and what may be done to it. Every write is guarded by the epoch. */
export interface Supervisor {
  readonly identity: string;
  /** Whether others see this process as alive. Always true without the right to Leases. */
  readonly alive: boolean;
  /** Why the last renewal of the Lease failed; undefined when it did not. */
  readonly problem: string | undefined;
  /** Whether it may act now; renews the Lease first where that is overdue. */
  ready(signal: AbortSignal): Promise<boolean>;
  /** What is weaker than it should be for a missing right, in words; undefined when nothing is. */
  readonly weaker: string | undefined;
  /** The manifest with this supervisor and the first epoch, for a Job that is to be created. */
  stamp(job: JobManifestLike): JobManifestLike;
  /** Takes in a Job that was created with the stamp. */
  hold(job: KnownJob): void;
  /** Takes over a Job that nobody supervises. @returns undefined when somebody else was faster */
  adopt(job: KnownJob, marks: JobMarks, signal: AbortSignal): Promise<KnownJob | undefined>;
  /** The epoch by which the Job is held; undefined when it is not. */
  epoch(job: JobRef): number | undefined;
  /** `paused`: the Lease cannot be renewed now, so nothing was written. */
  write(job: JobRef, marks: JobMarks, signal: AbortSignal): Promise<SupervisedWrite>;
  /** Deletes the Job in the foreground. */
  remove(job: JobRef, signal: AbortSignal): Promise<SupervisedWrite>;
  /** Gives the Job up, with a last word on it: whoever comes next may adopt it at once. */
  letGo(job: JobRef, marks: JobMarks, signal: AbortSignal): Promise<SupervisedWrite>;
  /** Looks at the Leases as they are now. Who may not list them learns nothing. */
  look(signal: AbortSignal): Promise<void>;
  /** Whether Leases tell who is alive: they may be listed. */
  readonly tellsAlive: boolean;
  /** By the looks so far. Where Leases may not be listed, nobody else's Job counts as supervised. */
  isSupervised(job: KnownJob): Supervised;
  /** Others' Leases that were not renewed for `ms`, by the looks so far. */
  unchangedLeases(ms: number): readonly KnownLease[];
  /** Ends it and deletes its Lease. Jobs still held are free for others then. */
  release(signal: AbortSignal): Promise<void>;
}

export type SupervisedWrite = GuardedAnswer | { readonly kind: "paused"; readonly why: string };
