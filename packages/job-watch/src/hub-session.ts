import type { Clock, KubeHttp } from "@claude-k8s/kube-http";
import { createConfirmation } from "./confirm.ts";
import { endingOf, terminatedOf } from "./facts.ts";
import { createMirror } from "./mirror.ts";
import { jobsPath, podsPath } from "./paths.ts";
import type { JobReader } from "./ports.ts";
import { reflect } from "./reflector.ts";
import type { Registration } from "./registration.ts";
import type { JobSnapshot } from "./snapshot-types.ts";

/** The two watches and what they have brought, while something is watched. */
export interface Session {
  readonly isLive: boolean;
  /** Tells a run what is known already. Safe to repeat. */
  attach(one: Registration): void;
  /** Reads a run's pods, when the watch has been silent for longer than a healthy one is. */
  refresh(one: Registration): Promise<void>;
  /** Reads a run's Job and pods, so that an end by a grace rests on what is, and not on what was. */
  confirm(one: Registration): void;
  stop(): void;
}

type SessionOptions = {
  readonly http: KubeHttp;
  readonly reader: JobReader;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly runs: ReadonlyMap<string, ReadonlySet<Registration>>;
  /** A right is missing: nobody can be told anything. */
  readonly failAll: (error: unknown) => void;
};

/** Bookmarks come about once a minute. */
const bookmarksMs = 75_000;

export function openSession(options: SessionOptions): Session {
  const { http, namespace, labelSelector, clock, random, runs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const confirm = createConfirmation(options, signal);

  const each = (name: string | undefined, tell: (one: Registration) => void): void => {
    if (name !== undefined) for (const one of runs.get(name) ?? []) tell(one);
    else for (const named of runs.values()) for (const one of named) tell(one);
  };
  const jobSeen = (one: Registration, job: JobSnapshot): void => {
    one.jobSeen(job);
    // The Job's end may overtake its pod's, which tells more.
    const { run, who } = one;
    const isBehind = !run.hasEnded && terminatedOf(run.level) === undefined;
    if (isBehind && who?.isJob(job) === true && endingOf(job) !== undefined) confirm.pods(one);
  };
  const mirror = createMirror(
    {
      job: (name, job) => each(name, (one) => jobSeen(one, job)),
      pod: (pod) => each(pod.jobName ?? "", (one) => one.podSeen(pod)),
      jobMissing: (name, last) => each(name, (one) => confirm.jobGone(one, last)),
      podMissing: (last) => each(last.jobName ?? "", (one) => confirm.podGone(one, last)),
      whole: () => each(undefined, attach),
      blind: (cause) => each(undefined, ({ run }) => run.blind(cause)),
      sighted: () => each(undefined, ({ run }) => run.sighted()),
    },
    clock,
  );

  const attach = (one: Registration): void => {
    if (!mirror.isWhole || signal.aborted) return;
    const isKnown = one.who !== undefined;
    for (const pod of mirror.podsOf(one.job.name)) one.podSeen(pod);
    const job = mirror.jobs.get(one.job.name);
    if (job !== undefined) jobSeen(one, job);
    // If its identity has come from what was just told, it has been attached once more meanwhile.
    if (!isKnown) return;
    confirm.exists(one);
  };

  const start = (reflecting: Promise<never>): void => {
    reflecting.catch((error: unknown) => {
      if (signal.aborted) return;
      stopping.abort();
      options.failAll(error);
    });
  };
  const shared = { http, clock, random, signal };
  start(
    reflect({
      ...shared,
      // A Job's name is known before it is made, so a right to watch it alone can be given. A pod's is not.
      kind: { path: jobsPath(namespace), labelSelector, names: () => new Set(runs.keys()) },
      sink: mirror.jobSink,
    }),
  );
  start(
    reflect({
      ...shared,
      kind: { path: podsPath(namespace), labelSelector },
      sink: mirror.podSink,
    }),
  );

  return {
    get isLive() {
      return mirror.isLive;
    },
    attach,
    confirm: (one) => confirm.fresh(one),
    async refresh(one) {
      if (mirror.quietMs() > bookmarksMs) await confirm.podsNow(one);
    },
    stop: () => stopping.abort(),
  };
}
