import { type Clock, realClock, sleep } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { createInquiry } from "./inquiry.ts";
import { type Identity, identity } from "./identity.ts";
import { policyFrom } from "./policy.ts";
import type { JobReader } from "./ports.ts";
import { present } from "./present.ts";
import { readFresh } from "./read-fresh.ts";
import { runEvents } from "./run-events.ts";
import { askStanding } from "./standing.ts";
import type { JobRef, JobWatcher, WatcherOptions, WatchOptions } from "./types.ts";
import { type WatchedRun, watchedRun } from "./watched-run.ts";

export type JobPollerOptions = WatcherOptions & {
  readonly reader: JobReader;
  /** Between two looks, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
};

type Poll = { readonly run: WatchedRun; readonly job: JobRef; readonly who: () => Identity };

/**
 * Watches Jobs by reading each of them, and its pods, again and again: for clients that cannot
 * watch. Timers and requests end with each run; nothing goes on between runs.
 * @throws TypeError when an option is out of range
 */
export function createJobPoller(options: JobPollerOptions): JobWatcher {
  const { reader, pollMs = 2_000, clock = realClock } = options;
  const policy = policyFrom(options.policy);
  if (!(pollMs > 0)) throw new TypeError(`pollMs must be more than 0 milliseconds, not ${pollMs}`);
  const polls = new Set<Poll>();
  const ending = new Set<() => void>();

  const find = (job: JobRef): Poll | undefined =>
    [...polls].findLast(({ job: { namespace, name }, who }) => {
      const uid = who().uid;
      const sameUid = uid === undefined || job.uid === undefined || uid === job.uid;
      return namespace === job.namespace && name === job.name && sameUid;
    });

  const watch = (job: JobRef, { container, signal, uid }: WatchOptions) => {
    const stopping = new AbortController();
    let who = identity(job.uid);
    const inquiry = createInquiry({
      reader,
      clock,
      job: () => ({ ...job, ...present({ uid: who.uid }) }),
      see: (seen) => run.see(seen),
      signal: stopping.signal,
    });
    const run = watchedRun(container, policy, {
      clock,
      told: (level) => inquiry.look(level),
      // The next look confirms.
      graceIsOver: () => {},
    });
    const poll: Poll = { run, job, who: () => who };
    const close = (): void => run.fail(closed());
    polls.add(poll);
    ending.add(close);
    const events = runEvents(run, signal, () => {
      polls.delete(poll);
      ending.delete(close);
      stopping.abort();
    });
    const begin = async (): Promise<void> => {
      if (job.uid === undefined && uid !== undefined) who = identity(await uid);
      await pollRun({ reader, run, job, who, clock, pollMs }, stopping.signal);
    };
    begin().catch((error: unknown) => {
      if (!stopping.signal.aborted) run.fail(error);
    });
    return events;
  };

  return {
    watch,
    state: (job) => find(job)?.run.level,
    containerState: (job, container) => (signal) =>
      askStanding({ level: find(job)?.run.level, reader, job, container }, signal),
    async close() {
      for (const end of ending) end();
    },
  };
}

function closed(): JobWatchError {
  return new JobWatchError("JOB_WATCH_CLOSED", "the poller was closed");
}

type PollOptions = {
  readonly reader: JobReader;
  readonly run: WatchedRun;
  readonly job: JobRef;
  readonly who: Identity;
  readonly clock: Clock;
  readonly pollMs: number;
};

/** Between looks when the Job has ended and its pod has not said so yet. */
const hurriedMs = 250;

async function pollRun(options: PollOptions, signal: AbortSignal): Promise<void> {
  const { run, clock, pollMs } = options;
  while (!run.hasEnded && !signal.aborted) {
    try {
      const at = clock.now();
      await readFresh(options, signal);
      run.sighted();
      run.confirmed(at);
    } catch (error) {
      signal.throwIfAborted();
      if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
      run.blind(error.message);
    }
    if (run.hasEnded) return;
    const { since } = run.level;
    const isClosing = since.jobEnding ?? since.jobGone ?? since.podGone;
    await sleep(clock, isClosing === undefined ? pollMs : Math.min(hurriedMs, pollMs), signal);
  }
}
