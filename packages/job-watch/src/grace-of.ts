import type { PodSnapshot } from "./snapshot-types.ts";

/** How long its kubelet lets a pod's containers end, in milliseconds. */
export function graceOf(pod: PodSnapshot): number {
  return (pod.deletionGraceSeconds ?? pod.terminationGraceSeconds ?? 30) * 1_000;
}
