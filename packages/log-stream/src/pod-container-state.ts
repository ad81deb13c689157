import type { KubeHttp } from "@claude-k8s/kube-http";
import type { ContainerStanding, ContainerState, LogTarget } from "./types.ts";

type ContainerStatus = {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: {
    readonly running?: object;
    readonly terminated?: { readonly containerID?: string; readonly finishedAt?: string | null };
  };
};

/** What is read of a Pod. */
export type PodLike = {
  readonly metadata?: { readonly uid?: string };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
};

/** Asks by reading the Pod, one request each time. Needs the right to get `pods`. */
export function podContainerState(http: KubeHttp, target: LogTarget): ContainerState {
  const { namespace, pod } = target;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
  return async (signal) => {
    const answer = await http.request<PodLike>({ method: "GET", path, signal });
    if (answer.kind === "not-found") return { kind: "gone" };
    return answer.kind === "ok" ? containerStanding(answer.body, target) : { kind: "unknown" };
  };
}

/**
 * How the container stands in this Pod. `terminated` counts only as the kubelet writes it from the
 * runtime: a state that was made up for a lost container has neither `containerID` nor `finishedAt`.
 */
export function containerStanding(pod: PodLike, { uid, container }: LogTarget): ContainerStanding {
  if (uid !== undefined && pod.metadata?.uid !== undefined && pod.metadata.uid !== uid)
    return { kind: "gone" };
  const { phase, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const status = [...containerStatuses, ...initContainerStatuses].find(
    ({ name }) => name === container,
  );
  if (status?.state?.running !== undefined) return { kind: "running" };
  const terminated = status?.state?.terminated;
  const sure = terminated?.containerID !== undefined || typeof terminated?.finishedAt === "string";
  // A Pod that failed before its containers started, or lost them, has no state of theirs; its phase is final.
  if (sure || phase === "Succeeded" || phase === "Failed") {
    const containerId = terminated?.containerID ?? status?.containerID;
    return containerId === undefined ? { kind: "terminated" } : { kind: "terminated", containerId };
  }
  return { kind: terminated === undefined ? "waiting" : "unknown" };
}
