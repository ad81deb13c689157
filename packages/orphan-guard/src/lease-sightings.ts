import type { KnownLease } from "./lease-store.ts";
import type { Supervised } from "./supervision.ts";

type Sighting = {
  readonly lease: KnownLease;
  /** After the answer that first showed it as it is now. */
  readonly firstMs: number;
  /** Before the request of the latest answer that did. */
  readonly lastMs: number;
  /** It was seen to differ from an earlier sighting. */
  readonly hasChanged: boolean;
};

/**
 * What this process has seen of others' Leases. One is stale when two looks, further apart than its
 * duration by this process's own monotonic clock, showed the same: no clock of another machine is asked.
 */
export interface LeaseSightings {
  /** Takes in one answer; `before` and `after` are this process's clock around its request, in ms. */
  see(leases: readonly KnownLease[], before: number, after: number): void;
  /** `unknown` before the first look, and of a Lease that was neither seen to change nor for long enough. */
  isAlive(identity: string): Supervised;
  /** Those that have not changed for `ms`. */
  unchangedFor(ms: number): readonly KnownLease[];
}

export function leaseSightings(): LeaseSightings {
  let seen: ReadonlyMap<string, Sighting> | undefined;
  const unchangedMs = ({ firstMs, lastMs }: Sighting): number => lastMs - firstMs;
  return {
    see(leases, before, after) {
      const earlier = seen ?? new Map<string, Sighting>();
      seen = new Map(
        leases.map((lease) => {
          const was = earlier.get(lease.identity);
          const isSame = was?.lease.stamp === lease.stamp;
          return [
            lease.identity,
            {
              lease,
              firstMs: was !== undefined && isSame ? was.firstMs : after,
              lastMs: before,
              hasChanged: was !== undefined && (was.hasChanged || !isSame),
            },
          ];
        }),
      );
    },
    isAlive(identity) {
      if (seen === undefined) return "unknown";
      const sighting = seen.get(identity);
      if (sighting === undefined) return false;
      if (unchangedMs(sighting) >= sighting.lease.durationMs) return false;
      return sighting.hasChanged ? true : "unknown";
    },
    unchangedFor: (ms) =>
      [...(seen?.values() ?? [])]
        .filter((sighting) => unchangedMs(sighting) >= ms)
        .map(({ lease }) => lease),
  };
}
