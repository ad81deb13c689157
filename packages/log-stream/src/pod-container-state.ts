import type { KubeHttp } from "@claude-k8s/kube-http";
import type { ContainerInstance, ContainerStanding, ContainerState, LogTarget } from "./types.ts";

type Terminated = {
  readonly containerID?: string;
  readonly exitCode?: number;
  readonly finishedAt?: string | null;
};

type ContainerStatus = {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: { readonly running?: object; readonly terminated?: Terminated };
  readonly lastState?: { readonly terminated?: Terminated };
};

type ContainerSpec = { readonly name: string; readonly restartPolicy?: string };

/** What is read of a Pod. */
export type PodLike = {
  readonly metadata?: { readonly uid?: string; readonly deletionTimestamp?: string | null };
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly containers?: readonly ContainerSpec[];
    readonly initContainers?: readonly ContainerSpec[];
  };
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
 * runtime: a state that was made up for a lost container has neither `containerID` nor `finishedAt`. One
 * that the kubelet starts again by its `restartPolicy` is `waiting`.
 */
export function containerStanding(pod: PodLike, target: LogTarget): ContainerStanding {
  const { uid, container } = target;
  if (uid !== undefined && pod.metadata?.uid !== undefined && pod.metadata.uid !== uid)
    return { kind: "gone" };
  const { phase, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const status = [...containerStatuses, ...initContainerStatuses].find(
    ({ name }) => name === container,
  );
  const terminated = status?.state?.terminated;
  const instance = instanceOf(status, restarts(pod, container, terminated));
  if (status?.state?.running !== undefined) return { kind: "running", ...instance };
  // A Pod that failed before its containers started, or lost them, has no state of theirs; its phase is final.
  if (phase === "Succeeded" || phase === "Failed") return { kind: "terminated", ...instance };
  if (terminated === undefined) return { kind: "waiting", ...instance };
  const isSure = terminated.containerID !== undefined || typeof terminated.finishedAt === "string";
  if (!isSure) return { kind: "unknown" };
  return { kind: instance.mayRestart === true ? "waiting" : "terminated", ...instance };
}

/** Before it runs for the first time a container has no id. While it waits to be started again it has its last one. */
function instanceOf(status: ContainerStatus | undefined, mayRestart: boolean): ContainerInstance {
  const last = status?.lastState?.terminated?.containerID;
  const containerId = status?.state?.terminated?.containerID ?? status?.containerID ?? last;
  return {
    ...(containerId === undefined ? {} : { containerId }),
    ...(last === undefined || last === containerId ? {} : { previousId: last }),
    ...(mayRestart ? { mayRestart } : {}),
  };
}

/** A Pod that is being deleted starts nothing again. */
function restarts(pod: PodLike, container: string, terminated: Terminated | undefined): boolean {
  if (pod.spec === undefined || typeof pod.metadata?.deletionTimestamp === "string") return false;
  const { restartPolicy = "Always", containers = [], initContainers = [] } = pod.spec;
  const init = initContainers.find(({ name }) => name === container);
  const own = init ?? containers.find(({ name }) => name === container);
  // The Pod's `Always` is meant for its containers; an init container that has succeeded is done.
  const inherited = init !== undefined && restartPolicy === "Always" ? "OnFailure" : restartPolicy;
  const policy = own?.restartPolicy ?? inherited;
  return policy === "Always" || (policy === "OnFailure" && terminated?.exitCode !== 0);
}
