import { messageOf } from "./answers.ts";
import type { LeaseStore } from "./lease-store.ts";
import { type Supervised, supervisorOf } from "./supervision.ts";
import { planSweep, type SweepPolicy, type SweepReason } from "./sweep-plan.ts";
import type { Supervisor } from "./supervisor-types.ts";
import type { JobStore, KnownJob } from "./types.ts";

export type SweepOptions = {
  readonly store: JobStore;
  /**
   * Tells what is supervised: this process's supervisor, or `observeSupervision`. Without one, Jobs that name
   * a supervisor are left.
   */
  readonly supervisor?: Pick<Supervisor, "look" | "isSupervised" | "unchangedLeases"> | undefined;
  /** More that is known of a Job. Default: what the supervisor says. */
  readonly isSupervised?: (job: KnownJob) => Supervised;
  /** Where stale Leases are deleted; without it they stay. */
  readonly leases?: LeaseStore | undefined;
  readonly namespace: string;
  /** Selects every Job of this kind in the namespace. */
  readonly labelSelector: string;
  readonly policy?: SweepPolicy;
  /** Decides and changes nothing. */
  readonly dryRun?: boolean;
  /** Ms since the epoch. Default: the real time. */
  readonly now?: number;
  readonly signal: AbortSignal;
};

export type SweptItem = {
  readonly kind: "Job" | "Lease";
  readonly name: string;
  readonly action: "leave" | "report" | "delete";
  readonly reason: SweepReason | "stale";
  readonly job?: KnownJob;
  /** Of a deletion. `changed`: somebody wrote to it in between, so it stays for the next sweep. */
  readonly outcome?: "deleted" | "gone" | "changed" | "dry-run" | "failed";
  /** Why it failed. */
  readonly problem?: string;
};

export type SweepReport = { readonly items: readonly SweptItem[] };

/**
 * Looks at every Job of the selector and removes what nobody will come back for: unfinished creations, stops
 * that were not finished, results that nobody read in time. Jobs that run are reported, never removed unless the policy
 * says so. Deletions name the version that was read, so two sweepers, or a sweeper and a run that adopts, do
 * no harm to each other. Secrets go with their Job.
 * @throws what the listing throws; a deletion that fails is an item
 */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { store, supervisor, namespace, labelSelector, signal } = options;
  const policy = options.policy ?? {};
  const now = options.now ?? Date.now();
  const jobs = await store.list({ namespace, labelSelector, signal });
  await supervisor?.look(signal);
  const items: SweptItem[] = [];
  for (const job of jobs) {
    const step = planSweep(job, supervisionOf(job, options), { policy, now });
    const item = { kind: "Job", name: job.name, job, ...step } as const;
    if (step.action !== "delete") items.push(item);
    else if (options.dryRun === true) items.push({ ...item, outcome: "dry-run" });
    else items.push({ ...item, ...(await deleted(store, job, signal)) });
  }
  return { items: [...items, ...(await sweepLeases(options, policy.leaseMs ?? 3_600_000))] };
}

function supervisionOf(job: KnownJob, { supervisor, isSupervised }: SweepOptions): Supervised {
  if (isSupervised !== undefined) return isSupervised(job);
  if (supervisorOf(job) === undefined) return false;
  return supervisor?.isSupervised(job) ?? "unknown";
}

async function deleted(
  store: JobStore,
  job: KnownJob,
  signal: AbortSignal,
): Promise<Pick<SweptItem, "outcome" | "problem">> {
  try {
    const { kind } = await store.deleteJob(job, signal);
    if (kind === "accepted") return { outcome: "deleted" };
    return { outcome: kind === "conflict" ? "changed" : "gone" };
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: "failed", problem: messageOf(error) };
  }
}

async function sweepLeases(
  { supervisor, leases, dryRun, signal }: SweepOptions,
  ms: number,
): Promise<readonly SweptItem[]> {
  if (supervisor === undefined || leases === undefined) return [];
  const items: SweptItem[] = [];
  for (const lease of supervisor.unchangedLeases(ms)) {
    const item = { kind: "Lease", name: lease.name, action: "delete", reason: "stale" } as const;
    if (dryRun === true) {
      items.push({ ...item, outcome: "dry-run" });
      continue;
    }
    try {
      await leases.delete(lease, signal);
      items.push({ ...item, outcome: "deleted" });
    } catch (error) {
      signal.throwIfAborted();
      items.push({ ...item, outcome: "failed", problem: messageOf(error) });
    }
  }
  return items;
}
