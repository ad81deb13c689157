import { containerExit, isProven } from "./container-exit.ts";
import type {
  RawCondition,
  RawContainer,
  RawContainerStatus,
  RawJob,
  RawPod,
} from "./kube-objects.ts";
import type { Condition, ContainerSnapshot, JobSnapshot, PodSnapshot } from "./snapshot-types.ts";
import { present } from "./present.ts";
import { timeText } from "./time-text.ts";

/** What is kept of a Job: some hundred bytes in place of some kilobytes. */
export function jobSnapshot(job: RawJob | undefined): JobSnapshot {
  const { metadata, spec, status } = job ?? {};
  return {
    ...present({
      uid: metadata?.uid,
      resourceVersion: metadata?.resourceVersion,
      annotations: metadata?.annotations,
    }),
    deleting: metadata?.deletionTimestamp != null,
    suspended: spec?.suspend === true,
    conditions: (status?.conditions ?? [])
      .filter(({ status }) => status === "True")
      .map(conditionOf),
  };
}

/** What is kept of a pod. */
export function podSnapshot(pod: RawPod): PodSnapshot {
  const { metadata, spec, status } = pod;
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === "Job");
  const labels = metadata?.labels ?? {};
  const sidecars = new Set(
    (spec?.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === "Always")
      .map(({ name }) => name),
  );
  return {
    name: metadata?.name ?? "",
    ...present({
      uid: metadata?.uid,
      jobUid: owner?.uid ?? labels["batch.kubernetes.io/controller-uid"],
      jobName: owner?.name ?? labels["batch.kubernetes.io/job-name"] ?? labels["job-name"],
      resourceVersion: metadata?.resourceVersion,
      createdAt: timeText(metadata?.creationTimestamp),
      node: spec?.nodeName,
      restartPolicy: spec?.restartPolicy,
      terminationGraceSeconds: spec?.terminationGracePeriodSeconds,
      phase: status?.phase,
      reason: status?.reason,
      message: status?.message,
    }),
    deleting: metadata?.deletionTimestamp != null,
    conditions: (status?.conditions ?? []).map(conditionOf),
    containers: containersOf(status?.containerStatuses, spec?.containers),
    initContainers: containersOf(status?.initContainerStatuses, spec?.initContainers).filter(
      ({ name }) => !sidecars.has(name),
    ),
  };
}

function conditionOf(condition: RawCondition): Condition {
  const { type = "", status = "", reason, message } = condition;
  return { type, status, ...present({ reason, message }) };
}

function containersOf(
  statuses: readonly RawContainerStatus[] | null | undefined,
  specs: readonly RawContainer[] | null | undefined,
): ContainerSnapshot[] {
  return (statuses ?? []).map((status) => {
    const name = status.name ?? "";
    const spec = (specs ?? []).find((one) => one.name === name);
    const memoryLimit = spec?.resources?.limits?.["memory"];
    return {
      name,
      ...present({
        id: status.state?.terminated?.containerID ?? status.containerID,
        memoryLimit,
      }),
      state: stateOf(name, status, memoryLimit),
    };
  });
}

function stateOf(
  name: string,
  { state }: RawContainerStatus,
  memoryLimit: string | undefined,
): ContainerSnapshot["state"] {
  if (state?.terminated != null) {
    const { terminated } = state;
    return {
      kind: "terminated",
      exit: containerExit(name, terminated, memoryLimit),
      proven: isProven(terminated),
    };
  }
  if (state?.running != null)
    return { kind: "running", ...present({ startedAt: timeText(state.running.startedAt) }) };
  return {
    kind: "waiting",
    ...present({ reason: state?.waiting?.reason, message: state?.waiting?.message }),
  };
}
