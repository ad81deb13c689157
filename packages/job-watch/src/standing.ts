import { mainOf } from "./facts.ts";
import { present } from "./present.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import type { ContainerStanding } from "./types.ts";

/** How a container of this pod stands, for its log's follower. */
export function standingOf(pod: PodSnapshot, container: string): ContainerStanding {
  const main = mainOf(pod, container);
  // A pod whose phase is terminal runs nothing, whatever is missing from its status.
  const isOver = pod.phase === "Failed" || pod.phase === "Succeeded";
  if (main?.state.kind === "terminated" || isOver)
    return { kind: "terminated", ...present({ containerId: main?.id }) };
  return { kind: main?.state.kind ?? (pod.phase === "Running" ? "running" : "waiting") };
}

/** The newest of a Job's pods; of equals the last. */
export function newestPod(pods: readonly PodSnapshot[]): PodSnapshot | undefined {
  let newest: PodSnapshot | undefined;
  for (const pod of pods)
    if (newest === undefined || (pod.createdAt ?? "") >= (newest.createdAt ?? "")) newest = pod;
  return newest;
}
