import type { PodSnapshot } from "./snapshot-types.ts";

/** What tells pods apart: the uid, where it is unknown the name. */
export function podKey(pod: PodSnapshot): string {
  return pod.uid ?? pod.name;
}
