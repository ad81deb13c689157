import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { KubeHttp } from "@claude-k8s/kube-http";
import {
  type JobRef,
  kubeJobStore,
  kubeLeaseStore,
  type LeaseStore,
  type JobStore,
  startSupervisor,
  type Supervisor,
} from "@claude-k8s/orphan-guard";
import type { Shutdown } from "../cancel/shutdown.ts";
import type { FollowedJobs } from "../run/followed-jobs.ts";
import type { SupervisionTimes } from "./supervision-times.ts";
import { sweepRegularly } from "./sweeps.ts";

/** This process among those that follow Jobs of one namespace: its Lease, its sweeps, and its runs. */
export interface Supervision {
  readonly supervisor: Supervisor;
  /**
   * Counts a run in until the returned function is called.
   * @param onLost told, in words, when somebody else has taken over the run's Job
   */
  join(job: JobRef, onLost: (why: string) => void): () => void;
  /** What happened apart from runs since this was last asked; each is for one run to tell. */
  news(): readonly string[];
}

export interface SupervisionParts {
  readonly http: KubeHttp;
  /** Answers or fails within seconds, as a Lease must. */
  readonly quick: KubeHttp;
  readonly namespace: string;
  readonly shutdown: Shutdown;
  readonly followed: FollowedJobs;
  readonly times?: SupervisionTimes | undefined;
  /** Called when the Lease is given back: a later run must start anew. */
  readonly onEnd: () => void;
}

/** What a leaving process gives its runs to write where they stopped, and then the Lease. */
const leaveLimits = { runsMs: 2_000, leaseMs: 1_000 };

/** Begins with the first run, and ends with the process: then the Lease is given back. */
export async function startSupervision(parts: SupervisionParts): Promise<Supervision> {
  const { http, quick, namespace, shutdown, times = {}, onEnd } = parts;
  const losses = new Map<string, (why: string) => void>();
  const runs = new Set<object>();
  const unsaid: string[] = [];
  let empty: () => void = nothing;
  const leases: LeaseStore = kubeLeaseStore(quick, namespace);
  const store: JobStore = kubeJobStore(http);
  const supervisor = await startSupervisor({
    leases,
    store,
    identity: newIdentity(),
    ...(times.leaseMs === undefined ? {} : { durationMs: times.leaseMs }),
    ...(times.renewEveryMs === undefined ? {} : { renewEveryMs: times.renewEveryMs }),
    ...(times.aliveMs === undefined ? {} : { aliveMs: times.aliveMs }),
    onLost: (job, why) => losses.get(keyOf(job))?.(why),
    signal: new AbortController().signal,
  });
  const sweeps = sweepRegularly({ ...parts, leases, store, supervisor }, (text) =>
    unsaid.push(text),
  );

  const leave = async (): Promise<void> => {
    onEnd();
    sweeps.stop();
    if (runs.size > 0) await within(leaveLimits.runsMs, new Promise<void>((on) => (empty = on)));
    const limit = new AbortController();
    const released = supervisor.release(limit.signal);
    // Best effort: a Lease that stays is stale after its duration.
    await within(leaveLimits.leaseMs, released.catch(nothing));
    limit.abort();
  };
  const stop = new AbortController();
  const left = Promise.withResolvers<void>();
  stop.signal.addEventListener("abort", () => void leave().then(left.resolve), { once: true });
  shutdown.add({ stop, settled: left.promise, unwritten: () => true });

  let saidWeaker: string | undefined;
  return {
    supervisor,
    join(job, onLost) {
      const run = {};
      runs.add(run);
      losses.set(keyOf(job), onLost);
      return () => {
        runs.delete(run);
        if (losses.get(keyOf(job)) === onLost) losses.delete(keyOf(job));
        if (runs.size === 0) empty();
      };
    },
    news() {
      const { weaker } = supervisor;
      const isNew = weaker !== undefined && saidWeaker === undefined;
      saidWeaker = weaker;
      return [...(isNew ? [weaker] : []), ...unsaid.splice(0)];
    },
  };
}

/** Of this process alone, and with a word that tells people which machine or pod it is. */
function newIdentity(): string {
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
  return `paperclip-${host}-${randomBytes(6).toString("hex")}`;
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = globalThis.setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  globalThis.clearTimeout(timer);
}

/** Names come again; a uid is one Job's alone. */
function keyOf({ namespace, name, uid }: JobRef): string {
  return uid ?? `${namespace}/${name}`;
}

function nothing(): void {}
