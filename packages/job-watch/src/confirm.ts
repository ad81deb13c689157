import { type Clock, sleep } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { podKey } from "./pod-key.ts";
import type { JobReader } from "./ports.ts";
import { present } from "./present.ts";
import { readFresh } from "./read-fresh.ts";
import type { Registration } from "./registration.ts";
import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/**
 * Asks the API server what a watch alone cannot tell: a watch with a selector says DELETED also when
 * an object stops matching, and a mirror that lacks an object may only be late.
 */
interface Confirmation {
  jobGone(one: Registration, last: JobSnapshot): void;
  podGone(one: Registration, last: PodSnapshot): void;
  /** For a run whose Job the mirror does not have. */
  exists(one: Registration): void;
  /** Reads all of the run anew, and tells it that this was done. */
  fresh(one: Registration): void;
  /** Reads the run's pods at once. */
  pods(one: Registration): void;
  /** The same, awaited, and not more often than every two seconds; what cannot be read now is left to the watch. */
  podsNow(one: Registration): Promise<void>;
}

/** How long the mirror may trail a Job that was just created. */
const mirrorLagMs = 1_000;
const retryMs = 1_000;
const notMoreOftenMs = 2_000;

export function createConfirmation(
  { reader, clock }: { readonly reader: JobReader; readonly clock: Clock },
  signal: AbortSignal,
): Confirmation {
  const readAt = new WeakMap<Registration, number>();
  const refreshing = new WeakSet<Registration>();
  const ask = (one: Registration, question: (job: JobRef) => Promise<void>): void => {
    const attempt = async (): Promise<void> => {
      while (!one.run.hasEnded && !signal.aborted) {
        try {
          await question({ ...one.job, ...present({ uid: one.who?.uid }) });
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
          one.run.blind(error.message);
        }
        await sleep(clock, retryMs, signal);
      }
    };
    attempt().catch((error: unknown) => {
      if (!signal.aborted) one.run.fail(error);
    });
  };

  const readPods = async (one: Registration, job: JobRef): Promise<readonly PodSnapshot[]> => {
    const pods = await reader.listPods(job, signal);
    for (const pod of pods) one.podSeen(pod);
    return pods;
  };
  const readJob = async (one: Registration, job: JobRef): Promise<void> => {
    const seen = await reader.readJob(job, signal);
    if (seen !== undefined && one.who?.isJob(seen) === true) one.jobSeen(seen);
    // Without a uid the Job may yet be created.
    else if (one.who?.uid !== undefined) one.jobGone();
  };

  return {
    jobGone(one, last) {
      // Before the uid is settled nobody can say whose end this is; `exists` asks then.
      if (one.who?.isJob(last) !== true) return;
      ask(one, async (job) => {
        // What its pods say now tells whether they go too.
        await readPods(one, job);
        await readJob(one, job);
      });
    },
    podGone(one, last) {
      one.podSeen(last);
      ask(one, async (job) => {
        const pods = await readPods(one, job);
        if (!pods.some((pod) => podKey(pod) === podKey(last))) one.podGone(last);
      });
    },
    exists(one) {
      if (one.who?.uid === undefined || one.run.level.job !== undefined) return;
      ask(one, async (job) => {
        await sleep(clock, mirrorLagMs, signal);
        if (one.run.level.job !== undefined) return;
        await readPods(one, job);
        await readJob(one, job);
      });
    },
    fresh(one) {
      if (refreshing.has(one)) return;
      refreshing.add(one);
      ask(one, async () => {
        const { run, job, who } = one;
        if (who === undefined) return;
        const at = clock.now();
        await readFresh({ reader, run, job, who }, signal);
        refreshing.delete(one);
        run.confirmed(at);
      });
    },
    pods(one) {
      ask(one, async (job) => {
        await readPods(one, job);
      });
    },
    async podsNow(one) {
      const now = clock.now();
      if (now - (readAt.get(one) ?? -Infinity) < notMoreOftenMs) return;
      readAt.set(one, now);
      try {
        await readPods(one, { ...one.job, ...present({ uid: one.who?.uid }) });
      } catch (error) {
        signal.throwIfAborted();
        if (!JobWatchError.isInstance(error)) throw error;
      }
    },
  };
}
