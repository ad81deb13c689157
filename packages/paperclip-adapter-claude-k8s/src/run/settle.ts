import type { JobEnd, JobEvent } from "@claude-k8s/job-watch";
import { realClock } from "@claude-k8s/kube-http";
import { containerName } from "../report/pod-state.ts";
import { followLines } from "./follow.ts";
import type { JobRun } from "./job-run.ts";
import type { LogEnd, RunEnd } from "./model.ts";
import { startPolicy } from "./start-policy.ts";

/** A Job that was left behind has a pod, or will never have one that matters. */
const adoptedPodMs = 3_000;

export interface SettleOptions {
  /** Called once, when the program is first seen running. */
  readonly onStart: () => void;
  readonly signal: AbortSignal;
}

/**
 * Follows the Job and its log at the same time until both have ended, each by what the cluster says: a
 * closed stream or a long silence ends neither.
 */
export async function settle(
  run: JobRun,
  { onStart, signal: outer }: SettleOptions,
): Promise<Extract<RunEnd, { kind: "ended" | "no-pod" }>> {
  const { job, cluster, settings, seen } = run;
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const begun = Promise.withResolvers<boolean>();
  const noPod = Promise.withResolvers<"no-pod">();
  const disarm = job.reattached
    ? realClock.after(adoptedPodMs, () => seen.pod === undefined && noPod.resolve("no-pod"))
    : () => {};

  const watcher = cluster.watcher(startPolicy(settings));
  const watched = async (): Promise<JobEnd> => {
    const events = watcher.watch(job, { container: containerName, signal });
    for await (const event of events) {
      await tell(event, run);
      if (event.type === "phase" && event.phase === "running") {
        seen.hasStarted = true;
        onStart();
      }
      if (event.type === "end") {
        begun.resolve(event.end.kind !== "not-started");
        return event.end;
      }
      if (seen.pod !== undefined && isRunningOrOver(event)) begun.resolve(true);
    }
    throw new Error(`the watch of the Job ${job.name} ended before the Job did`);
  };
  const logged = async (): Promise<LogEnd> => {
    const containerState = watcher.containerState(job, containerName);
    return (await begun.promise) ? followLines(run, containerState, signal) : "none";
  };

  try {
    const both = Promise.all([watched(), logged()]);
    const answer = await Promise.race([both, noPod.promise]);
    if (answer === "no-pod") {
      both.catch(() => {}); // Ends by the abort below, which is ours.
      return { kind: "no-pod", job: job.name };
    }
    return { kind: "ended", end: answer[0], logEnd: answer[1] };
  } finally {
    disarm();
    over.abort();
  }
}

function isRunningOrOver(event: JobEvent): boolean {
  return (
    event.type === "exit" || (event.type === "phase" && ["running", "ending"].includes(event.phase))
  );
}

async function tell(event: JobEvent, { job, sink, seen }: JobRun): Promise<void> {
  switch (event.type) {
    case "phase":
      // An ending says nothing of what was before it.
      if (event.phase !== "ending") seen.mayHaveStarted = event.phase === "starting";
      await sink.note(`${job.name}: ${event.phase}${event.detail ? `, ${event.detail}` : ""}`);
      return sink.progress(
        event.phase === "ending" ? "finalize" : "adapter_startup",
        phaseText(event),
      );
    case "start-problem":
      await sink.note(`${job.name} cannot start yet: ${event.reason}: ${event.message}`);
      return sink.progress("adapter_startup", `${event.reason}: ${event.message}`);
    case "pod":
      seen.pod = event.pod;
      return sink.event("claude_k8s.pod", `Pod ${event.pod.name}`, {
        job: job.name,
        pod: event.pod.name,
      });
    case "exit":
      seen.exit = event.exit;
      seen.hasStarted = true;
      return;
    case "blind":
      return sink.note(`the cluster does not answer; the Job goes on and so does this run`);
    case "end":
      return;
    default:
      event satisfies never;
  }
}

function phaseText({ phase, detail }: Extract<JobEvent, { type: "phase" }>): string {
  const words = {
    queued: "Waiting for a pod",
    scheduling: "Waiting for a node",
    pulling: "Pulling the image",
    starting: "Starting the container",
    running: "Claude is running",
    ending: "Claude is ending",
  };
  return detail ? `${words[phase]}: ${detail}` : words[phase];
}
