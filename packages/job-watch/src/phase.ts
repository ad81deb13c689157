import { endingOf, jobOf, mainOf, terminatedOf } from "./facts.ts";
import type { JobLevel } from "./level.ts";
import { present } from "./present.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import type { RunPhase } from "./types.ts";

export type Phase = { readonly phase: RunPhase; readonly detail?: string };

/** How far the run is, for people. `undefined`: nothing was seen of the Job yet. */
export function phaseOf(level: JobLevel): Phase | undefined {
  const { pod, container } = level;
  const job = jobOf(level);
  if (terminatedOf(level) !== undefined || endingOf(job) !== undefined) return { phase: "ending" };
  if (level.podGone || level.job === "gone" || job?.deleting === true || pod?.deleting === true)
    return { phase: "ending" };
  if (pod === undefined) {
    if (job === undefined) return undefined;
    const detail = job.suspended ? "the Job is suspended" : level.warning?.message;
    return { phase: "queued", ...present({ detail }) };
  }
  return level.hasRun ? { phase: "running" } : notRunning(pod, container);
}

const pullWords = new Set(["ErrImagePull", "ImagePullBackOff", "Pulling"]);

function notRunning(pod: PodSnapshot, container: string): Phase {
  const scheduled = pod.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled !== undefined && scheduled.status !== "True")
    return { phase: "scheduling", ...present({ detail: scheduled.message ?? scheduled.reason }) };
  const states = [...pod.initContainers, mainOf(pod, container)].map((one) => one?.state);
  for (const state of states)
    if (state?.kind === "waiting" && pullWords.has(state.reason ?? ""))
      return { phase: "pulling", ...present({ detail: state.message ?? state.reason }) };
  // Neither a node nor a container status: the scheduler has not looked at it yet.
  const untouched = pod.node === undefined && states.every((state) => state === undefined);
  return { phase: untouched ? "scheduling" : "starting" };
}
