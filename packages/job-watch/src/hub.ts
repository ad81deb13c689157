import { type KubeHttp, realClock } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { openSession, type Session } from "./hub-session.ts";
import { kubeJobReader } from "./kube-binding.ts";
import { policyFrom } from "./policy.ts";
import { type Registration, register } from "./registration.ts";
import { runEvents } from "./run-events.ts";
import { askStanding } from "./standing.ts";
import type { JobRef, JobWatcher, WatcherOptions } from "./types.ts";
import { watchedRun } from "./watched-run.ts";

export type JobHub = JobWatcher;

export type JobHubOptions = WatcherOptions & {
  readonly http: KubeHttp;
  readonly namespace: string;
  /** Selects Jobs and pods alike. */
  readonly labelSelector: string;
  /** How long the watches stay open when nothing is watched, in milliseconds. Default 1,000. */
  readonly idleMs?: number;
  /** From 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
};

/**
 * Watches all Jobs of a namespace by two watches, however many there are. Opens them with the first
 * run, closes them a moment after the last.
 * @throws TypeError when an option of the policy is out of range
 */
export function createJobHub(options: JobHubOptions): JobHub {
  const { http, namespace, labelSelector, clock = realClock, idleMs = 1_000 } = options;
  const { random = Math.random } = options;
  const policy = policyFrom(options.policy);
  const reader = kubeJobReader(http);
  const runs = new Set<Registration>();
  let session: Session | undefined;
  let cancelIdle: (() => void) | undefined;
  let isClosed = false;

  const failAll = (error: unknown): void => {
    session = undefined;
    for (const { run } of runs) run.fail(error);
  };
  const closeSession = (): void => {
    session?.stop();
    session = undefined;
  };
  const release = (registration: Registration): void => {
    runs.delete(registration);
    if (runs.size > 0 || session === undefined) return;
    cancelIdle?.();
    cancelIdle = clock.after(idleMs, closeSession);
  };
  const find = (job: JobRef): Registration | undefined =>
    [...runs].findLast(({ job: { name }, who }) => {
      const sameUid = who?.uid === undefined || job.uid === undefined || who.uid === job.uid;
      return name === job.name && sameUid;
    });

  return {
    watch(job, watchOptions) {
      requireNamespace(job, namespace);
      const run = watchedRun(watchOptions.container, policy, clock);
      if (isClosed) run.fail(closed());
      const one = register(run, job, watchOptions, () => session?.attach(one));
      const events = runEvents(run, watchOptions.signal, () => release(one));
      if (isClosed || watchOptions.signal.aborted) return events;
      runs.add(one);
      cancelIdle?.();
      session ??= openSession({
        http,
        reader,
        namespace,
        labelSelector,
        clock,
        random,
        runs,
        failAll,
      });
      session.attach(one);
      return events;
    },
    state: (job) => find(job)?.run.level,
    containerState: (job, container) => async (signal) => {
      const level = find(job)?.run.level;
      // What was seen last may be old news; "gone" and "terminated" stay true.
      const standing = await askStanding({ level, reader, job, container }, signal);
      const isFinal = standing.kind === "gone" || standing.kind === "terminated";
      return level === undefined || isFinal || session?.isLive === true
        ? standing
        : { kind: "unknown" };
    },
    async close() {
      isClosed = true;
      cancelIdle?.();
      closeSession();
      failAll(closed());
    },
  };
}

function requireNamespace({ namespace, name }: JobRef, own: string): void {
  if (namespace === own) return;
  throw new TypeError(`this hub watches namespace "${own}", not "${namespace}" of Job "${name}"`);
}

function closed(): JobWatchError {
  return new JobWatchError("JOB_WATCH_CLOSED", "the hub was closed");
}
