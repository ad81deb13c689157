import type { JobEnd, JobEvent, JobWatcher } from "@claude-k8s/job-watch";
import { realClock } from "@claude-k8s/kube-http";
import { containerName } from "../report/pod-state.ts";
import { followLines } from "./follow.ts";
import type { JobRun } from "./job-run.ts";
import type { LogEnd, RunEnd } from "./model.ts";
import type { Onlooker } from "./onlooker.ts";
import { startPolicy } from "./start-policy.ts";
import { tell } from "./tell.ts";

/** The Job controller makes a pod within a second: a Job left behind that is seen without one so long has lost it. */
const adoptedPodMs = 3_000;

export interface SettleOptions {
  readonly onlooker: Onlooker;
  readonly signal: AbortSignal;
}

/**
 * Follows the Job and its log at the same time until both have ended, each by what the cluster says: a
 * closed stream or a long silence ends neither.
 */
export async function settle(
  run: JobRun,
  { onlooker, signal: outer }: SettleOptions,
): Promise<Extract<RunEnd, { kind: "ended" | "no-pod" }>> {
  const { job, cluster, settings } = run;
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const begun = Promise.withResolvers<boolean>();
  const watcher = cluster.watcher(startPolicy(settings));
  const logged = async (): Promise<LogEnd> => {
    const containerState = watcher.containerState(job, containerName);
    return (await begun.promise) ? followLines(run, containerState, { onlooker, signal }) : "none";
  };
  const podless = withoutPod(run);
  const onEvent = podless.see;
  const both = Promise.all([
    watchToEnd(watcher, run, { begun: begun.resolve, onlooker, onEvent, signal }),
    logged(),
  ]);
  try {
    const answer = await Promise.race([both, podless.promise]);
    if (answer !== "no-pod") return { kind: "ended", end: answer[0], logEnd: answer[1] };
    both.catch(() => {}); // Ends by the abort below, which is ours.
    return { kind: "no-pod", job: job.name };
  } finally {
    podless.disarm();
    over.abort();
  }
}

/** Watches until the Job ends; says as soon as it is known whether there is output to read. */
async function watchToEnd(
  watcher: JobWatcher,
  run: JobRun,
  options: {
    begun: (hasOutput: boolean) => void;
    onlooker: Onlooker;
    onEvent: (event: JobEvent) => void;
    signal: AbortSignal;
  },
): Promise<JobEnd> {
  const { job, seen } = run;
  const { begun, onlooker, onEvent, signal } = options;
  for await (const event of watcher.watch(job, { container: containerName, signal })) {
    onEvent(event);
    seen.history.level(watcher.state(job));
    await tell(event, run);
    if (event.type === "phase") onlooker.phase(event.phase);
    if (event.type === "phase" && event.phase === "running") seen.hasStarted = true;
    if (event.type === "end") {
      begun(event.end.kind !== "not-started");
      return event.end;
    }
    if (seen.pod !== undefined && isRunningOrOver(event)) begun(true);
  }
  throw new Error(`the watch of the Job ${job.name} ended before the Job did`);
}

interface Podless {
  readonly promise: Promise<"no-pod">;
  readonly see: (event: JobEvent) => void;
  readonly disarm: () => void;
}

/**
 * Settles when a Job that was left behind turns out to have no pod; never for a new one. The time runs from
 * when the cluster has shown the Job without a pod (`queued`), and not while it does not answer.
 */
function withoutPod({ job, seen }: JobRun): Podless {
  const { promise, resolve } = Promise.withResolvers<"no-pod">();
  let disarm: (() => void) | undefined;
  const see = (event: JobEvent): void => {
    if (!job.reattached || (event.type !== "phase" && event.type !== "blind")) return;
    disarm?.();
    if (event.type === "blind" || event.phase !== "queued") return;
    disarm = realClock.after(adoptedPodMs, () => {
      if (seen.pod === undefined) resolve("no-pod");
    });
  };
  return { promise, see, disarm: () => disarm?.() };
}

function isRunningOrOver(event: JobEvent): boolean {
  return (
    event.type === "exit" || (event.type === "phase" && ["running", "ending"].includes(event.phase))
  );
}
