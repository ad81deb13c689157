import { type KubeHttp, realClock, unlessAborted } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { openSession, type Session } from "./hub-session.ts";
import { kubeJobReader } from "./kube-binding.ts";
import { policyFrom } from "./policy.ts";
import { type Registration, register } from "./registration.ts";
import { runEvents } from "./run-events.ts";
import { askStanding } from "./standing.ts";
import { createInquiry } from "./inquiry.ts";
import { present } from "./present.ts";
import type { ContainerStanding, JobRef, JobWatcher, WatcherOptions } from "./types.ts";
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
  const runs = new Map<string, Set<Registration>>();
  const closing = new AbortController();
  let session: Session | undefined;
  let cancelIdle: (() => void) | undefined;
  let isClosed = false;

  const failAll = (error: unknown): void => {
    session = undefined;
    for (const named of runs.values()) for (const { run } of named) run.fail(error);
  };
  const closeSession = (): void => {
    session?.stop();
    session = undefined;
  };
  const release = (registration: Registration): void => {
    const named = runs.get(registration.job.name);
    named?.delete(registration);
    if (named?.size === 0) runs.delete(registration.job.name);
    if (runs.size > 0 || session === undefined) return;
    cancelIdle?.();
    cancelIdle = clock.after(idleMs, closeSession);
  };
  const find = (job: JobRef): Registration | undefined =>
    [...(runs.get(job.name) ?? [])].findLast(
      ({ who }) => who?.uid === undefined || job.uid === undefined || who.uid === job.uid,
    );

  return {
    watch(job, watchOptions) {
      requireNamespace(job, namespace);
      const inquiry = createInquiry({
        reader,
        clock,
        job: () => ({ ...job, ...present({ uid: one.who?.uid }) }),
        see: (seen) => run.see(seen),
        signal: closing.signal,
      });
      const run = watchedRun(watchOptions.container, policy, {
        clock,
        told: (level) => inquiry.look(level),
        graceIsOver: () => session?.confirm(one),
      });
      if (isClosed) run.fail(closed());
      const one = register(run, job, watchOptions, () => session?.attach(one));
      const events = runEvents(run, watchOptions.signal, () => release(one));
      if (isClosed || watchOptions.signal.aborted) return events;
      runs.set(job.name, (runs.get(job.name) ?? new Set()).add(one));
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
      const one = find(job);
      const askFor = (level = one?.run.level): Promise<ContainerStanding> =>
        askStanding({ level, reader, job, container }, signal);
      // What was seen last may be old news; "gone" and "terminated" stay true.
      let standing = await askFor();
      if (one !== undefined && session?.isLive === true && !isFinal(standing)) {
        // Who asks has lost the log: a watch that is dead and has not noticed may be why it does not know.
        await unlessAborted(session.refresh(one), signal);
        standing = await askFor();
      }
      const level = one?.run.level;
      return level === undefined || isFinal(standing) || session?.isLive === true
        ? standing
        : { kind: "unknown" };
    },
    async close() {
      isClosed = true;
      closing.abort(closed());
      cancelIdle?.();
      closeSession();
      failAll(closed());
    },
  };
}

function isFinal({ kind }: ContainerStanding): boolean {
  return kind === "gone" || kind === "terminated";
}

function requireNamespace({ namespace, name }: JobRef, own: string): void {
  if (namespace === own) return;
  throw new TypeError(`this hub watches namespace "${own}", not "${namespace}" of Job "${name}"`);
}

function closed(): JobWatchError {
  return new JobWatchError("JOB_WATCH_CLOSED", "the hub was closed");
}
