import { type GuardClock, realGuardClock } from "./clock.ts";
import { leaseSightings } from "./lease-sightings.ts";
import type { KnownLease, LeaseStore } from "./lease-store.ts";
import { supervisorOf } from "./supervision.ts";
import type { Supervisor } from "./supervisor-types.ts";

/** What can be told of supervision from outside. */
export interface SupervisionObserver extends Pick<
  Supervisor,
  "look" | "isSupervised" | "unchangedLeases"
> {
  /** The Lease that the latest look showed for an identity. */
  lease(identity: string): KnownLease | undefined;
}

/**
 * Sees which Jobs are supervised without being a supervisor: for tools that look at Jobs, and write no Lease.
 * The same rule holds: nothing is known before the first look, and a Lease that is there is alive or stale
 * only by further looks.
 */
export function observeSupervision({
  leases,
  clock = realGuardClock,
}: {
  readonly leases: Pick<LeaseStore, "list">;
  readonly clock?: GuardClock;
}): SupervisionObserver {
  const sightings = leaseSightings();
  let latest: readonly KnownLease[] = [];
  return {
    async look(signal) {
      const before = clock.now();
      latest = await leases.list(signal);
      sightings.see(latest, before, clock.now());
    },
    isSupervised(job) {
      const supervisor = supervisorOf(job);
      return supervisor === undefined ? false : sightings.isAlive(supervisor);
    },
    unchangedLeases: (ms) => sightings.unchangedFor(ms),
    lease: (identity) => latest.find((one) => one.identity === identity),
  };
}
