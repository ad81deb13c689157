import { JobWatchError } from "./errors.ts";
import { mainOf } from "./facts.ts";
import { present } from "./present.ts";
import { identity } from "./identity.ts";
import type { JobLevel } from "./level.ts";
import type { JobReader } from "./ports.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import type { ContainerStanding, JobRef } from "./types.ts";

/** How a container of this pod stands, for its log's follower. */
function standingOf(pod: PodSnapshot, container: string): ContainerStanding {
  const main = mainOf(pod, container);
  // A pod whose phase is terminal runs nothing, whatever is missing from its status.
  const isOver = pod.phase === "Failed" || pod.phase === "Succeeded";
  if (main?.state.kind === "terminated" || isOver)
    return { kind: "terminated", ...present({ containerId: main?.id }) };
  return { kind: main?.state.kind ?? (pod.phase === "Running" ? "running" : "waiting") };
}

/** From what is watched; of a Job that is no longer watched, or never was, by asking once. */
export async function askStanding(
  {
    level,
    reader,
    job,
    container,
  }: {
    readonly level: JobLevel | undefined;
    readonly reader: JobReader;
    readonly job: JobRef;
    readonly container: string;
  },
  signal: AbortSignal,
): Promise<ContainerStanding> {
  if (level !== undefined) {
    if (level.podGone) return { kind: "gone" };
    return level.pod === undefined ? { kind: "waiting" } : standingOf(level.pod, container);
  }
  const who = identity(job.uid);
  const listed = await listedPods(reader, job, signal);
  if (listed === undefined) return { kind: "unknown" };
  const pod = newestPod(listed.filter((one) => who.owns(one)));
  return pod === undefined ? { kind: "gone" } : standingOf(pod, container);
}

/** `undefined`: the cluster cannot be asked now. */
async function listedPods(
  reader: JobReader,
  job: JobRef,
  signal: AbortSignal,
): Promise<readonly PodSnapshot[] | undefined> {
  try {
    return await reader.listPods(job, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (JobWatchError.isInstance(error) && error.code === "JOB_WATCH_BLIND") return undefined;
    throw error;
  }
}

/** The newest of a Job's pods; of equals the last. */
function newestPod(pods: readonly PodSnapshot[]): PodSnapshot | undefined {
  let newest: PodSnapshot | undefined;
  for (const pod of pods)
    if (newest === undefined || (pod.createdAt ?? "") >= (newest.createdAt ?? "")) newest = pod;
  return newest;
}
