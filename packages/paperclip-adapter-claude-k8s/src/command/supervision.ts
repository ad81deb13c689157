import { type KubeHttp, KubeHttpError, realClock, sleep } from "@claude-k8s/kube-http";
import {
  type KnownJob,
  kubeLeaseStore,
  observeSupervision,
  type SupervisionObserver,
  supervisorOf,
} from "@claude-k8s/orphan-guard";

/**
 * - `live`: its Lease was seen to be renewed. `stale`: it was not, for its whole duration.
 * - `none`: the Job names no supervisor, or one whose Lease is gone.
 * - `unknown`: it shows only with time, or Leases may not be read.
 */
export interface SupervisorView {
  readonly state: "live" | "stale" | "none" | "unknown";
  readonly identity?: string;
  /** RFC 3339, by the supervisor's own clock: for people, and no proof. */
  readonly renewedAt?: string;
}

/** Who supervises which Job, by looks at the Leases of their namespaces. */
export interface Supervision {
  of(job: KnownJob): SupervisorView;
  /** Of a namespace whose Leases may be read. */
  observer(namespace: string): SupervisionObserver | undefined;
  /** Why nothing is known of some, in words. */
  readonly problem: string | undefined;
  /** Looks again and again until all is known or the longest Lease would have run out. */
  prove(options: {
    /** Told what is waited for and how long at most, when there is something to wait for. */
    readonly onWait: (what: string) => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
}

/** A holder renews every 10 s. */
const lookEveryMs = 2_000;
/** What the last renewal before the first look, and the looks themselves, may take beside the duration. */
const spareMs = 5_000;
const longestMs = 120_000;

/** Looks once; where no Job names a supervisor, nothing is asked. */
export async function lookAtSupervision(
  http: KubeHttp,
  jobs: readonly KnownJob[],
  signal: AbortSignal,
): Promise<Supervision> {
  const observers = new Map<string, SupervisionObserver>();
  const named = jobs.filter((job) => supervisorOf(job) !== undefined);
  let problem: string | undefined;
  for (const namespace of new Set(named.map((job) => job.namespace))) {
    const observer = observeSupervision({ leases: kubeLeaseStore(http, namespace) });
    const denied = await orDeniedLook(observer, signal);
    if (denied === undefined) observers.set(namespace, observer);
    else problem = `who supervises cannot be told: ${denied}`;
  }

  const of = (job: KnownJob): SupervisorView => {
    const identity = supervisorOf(job);
    if (identity === undefined) return { state: "none" };
    const observer = observers.get(job.namespace);
    const renewedAt = observer?.lease(identity)?.renewTime;
    const rest = { identity, ...(renewedAt === undefined ? {} : { renewedAt }) };
    const isAlive = observer?.isSupervised(job) ?? "unknown";
    if (isAlive === "unknown") return { state: "unknown", ...rest };
    if (isAlive) return { state: "live", ...rest };
    return { state: observer?.lease(identity) === undefined ? "none" : "stale", ...rest };
  };

  const undecided = (): KnownJob[] =>
    named.filter((job) => observers.has(job.namespace) && of(job).state === "unknown");

  return {
    of,
    observer: (namespace) => observers.get(namespace),
    problem,
    async prove({ onWait, signal: within }) {
      const first = undecided();
      if (first.length === 0) return;
      const durations = first.map((job) => {
        const lease = observers.get(job.namespace)?.lease(supervisorOf(job) ?? "");
        return lease?.durationMs ?? 0;
      });
      const limitMs = Math.min(longestMs, Math.max(...durations) + spareMs);
      const holders = new Set(first.map((job) => supervisorOf(job)));
      const whose =
        holders.size === 1
          ? `the Lease of ${[...holders].join("")}`
          : `the Leases of ${holders.size} supervisors`;
      onWait(`Watching ${whose} for up to ${Math.ceil(limitMs / 1_000)} s: alive, or gone?`);
      const until = realClock.now() + limitMs;
      while (undecided().length > 0 && realClock.now() < until) {
        await sleep(realClock, lookEveryMs, within);
        for (const observer of observers.values()) await observer.look(within);
      }
    },
  };
}

/** Looks at the Leases; why not, in words, where the right is missing. Other faults pass. */
async function orDeniedLook(
  observer: SupervisionObserver,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await observer.look(signal);
    return undefined;
  } catch (error) {
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED") return error.message;
    throw error;
  }
}
