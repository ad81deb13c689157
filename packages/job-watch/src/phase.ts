import { endingOf, jobOf, mainOf, terminatedOf } from "./facts.ts";
import type { JobLevel } from "./level.ts";
import { present } from "./present.ts";
import { podKey } from "./pod-key.ts";
import type { Condition, PodSnapshot } from "./snapshot-types.ts";
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
  return level.hasRun ? { phase: "running" } : notRunning(level, pod, container);
}

/** The scheduler's words, and whether help is on its way. */
function scheduling(
  { message, reason }: Condition,
  scaleUp: string | undefined,
): string | undefined {
  const words = message ?? reason;
  return scaleUp === undefined ? words : `${words ?? ""} (a node is being added: ${scaleUp})`;
}

const pullWords = new Set(["ErrImagePull", "ImagePullBackOff", "Pulling"]);

function notRunning({ news }: JobLevel, pod: PodSnapshot, container: string): Phase {
  const told = news?.pod === podKey(pod) ? news : undefined;
  const scheduled = pod.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled !== undefined && scheduled.status !== "True")
    return { phase: "scheduling", ...present({ detail: scheduling(scheduled, told?.scaleUp) }) };
  const states = [...pod.initContainers, mainOf(pod, container)].map((one) => one?.state);
  for (const state of states)
    if (state?.kind === "waiting" && pullWords.has(state.reason ?? ""))
      return { phase: "pulling", ...present({ detail: state.message ?? state.reason }) };
  // While it pulls, the status says no more than that the container is being created.
  if (told?.latest?.reason === "Pulling") return { phase: "pulling", detail: told.latest.message };
  // Neither a node nor a container status: the scheduler has not looked at it yet.
  const untouched = pod.node === undefined && states.every((state) => state === undefined);
  return { phase: untouched ? "scheduling" : "starting" };
}
