import { mainOf, terminatedOf } from "./facts.ts";
import type { JobLevel } from "./level.ts";

/** Words of the kubelet on a pod that it reports as not ready. */
const kubeletsReasons = new Set([
  "ContainersNotReady",
  "ContainersNotInitialized",
  "ReadinessGatesNotReady",
  "PodCompleted",
  "PodFailed",
]);

/** Whether there is reason to ask how the pod's node is. */
export function isNodeInDoubt(level: JobLevel): boolean {
  const { pod, podGone, container } = level;
  if (pod?.node === undefined || podGone || terminatedOf(level) !== undefined) return false;
  return pod.deleting || pod.reason === "NodeLost" || isMarkedUnready(level, container);
}

/**
 * Why the pod's node counts as lost, if it does: by the node's own condition, or, without the right to
 * read nodes, by the mark that the node controller leaves on the pods of a node it does not hear from.
 */
export function nodeTrouble(level: JobLevel): string | undefined {
  if (!isNodeInDoubt(level) || level.pod === undefined) return undefined;
  const { node, pod, container } = level;
  if (node !== undefined && node !== "unreadable") {
    if (node.name !== pod.node || node.ready === "True") return undefined;
    if (node.ready === "gone") return `node ${node.name} is no longer there`;
    return `node ${node.name} is not ready: ${node.message ?? `Ready is ${node.ready}`}`;
  }
  if (!isMarkedUnready(level, container) && pod.reason !== "NodeLost") return undefined;
  const why = node === "unreadable" ? "; nodes may not be read, so nobody knows more" : "";
  return `pod ${pod.name} was marked not ready while its container ran, as of a node ${pod.node} that is away${why}`;
}

/** The kubelet says that the container is ready; somebody else says that the pod is not. */
function isMarkedUnready({ pod }: JobLevel, container: string): boolean {
  const main = mainOf(pod, container);
  if (main?.state.kind !== "running" || main.ready !== true) return false;
  const ready = pod?.conditions.find(({ type }) => type === "Ready");
  return ready?.status === "False" && !kubeletsReasons.has(ready.reason ?? "");
}
