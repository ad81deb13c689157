import type { KnownLease, LeaseStore } from "../../src/index.ts";

export type MemoryLeases = LeaseStore & {
  readonly all: Map<string, KnownLease>;
  /** What every request throws from now on. */
  fault: Error | undefined;
  writes: number;
};

/** Leases by the API server's rules, answered at once. */
export function memoryLeases(): MemoryLeases {
  const all = new Map<string, KnownLease>();
  let version = 0;
  const asked = (): void => {
    if (leases.fault !== undefined) throw leases.fault;
  };
  const write = (identity: string, durationMs: number): KnownLease => {
    version += 1;
    leases.writes += 1;
    const lease = {
      name: `claude-k8s-${identity}`,
      identity,
      durationMs,
      resourceVersion: String(version),
      stamp: String(version),
    };
    all.set(lease.name, lease);
    return lease;
  };
  const leases: MemoryLeases = {
    all,
    fault: undefined,
    writes: 0,
    async list() {
      asked();
      return [...all.values()];
    },
    async create(identity, durationMs) {
      asked();
      if (all.has(`claude-k8s-${identity}`)) return { kind: "exists" };
      return { kind: "created", lease: write(identity, durationMs) };
    },
    async renew({ name, identity, resourceVersion, durationMs }) {
      asked();
      const found = all.get(name);
      if (found === undefined) return { kind: "not-found" };
      if (found.resourceVersion !== resourceVersion) return { kind: "conflict" };
      return { kind: "renewed", lease: write(identity, durationMs) };
    },
    async delete({ name }) {
      asked();
      all.delete(name);
    },
  };
  return leases;
}
