import { containerExit, isProven } from "./container-exit.ts";
import type {
  RawCondition,
  RawContainer,
  RawContainerStatus,
  RawJob,
  RawNode,
  RawPod,
} from "./kube-objects.ts";
import type {
  Condition,
  ContainerSnapshot,
  JobSnapshot,
  NodeSnapshot,
  PodSnapshot,
} from "./snapshot-types.ts";
import { present } from "./present.ts";
import { timeText } from "./time-text.ts";

/** What is kept of a Job: some hundred bytes in place of some kilobytes. */
export function jobSnapshot(job: RawJob | undefined): JobSnapshot {
  const { metadata, spec, status } = job ?? {};
  return {
    ...present({
      uid: metadata?.uid,
      resourceVersion: metadata?.resourceVersion,
      annotations: keptAnnotations(metadata?.annotations),
      finalizers: listed(metadata?.finalizers),
      ttlSeconds: spec?.ttlSecondsAfterFinished,
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
      deletionGraceSeconds: metadata?.deletionGracePeriodSeconds,
      finalizers: listed(metadata?.finalizers?.filter((one) => one !== trackingFinalizer)),
      phase: status?.phase,
      reason: status?.reason,
      message: status?.message,
    }),
    deleting: metadata?.deletionTimestamp != null,
    conditions: (status?.conditions ?? [])
      .filter(({ type = "" }) => keptConditions.has(type))
      .map(conditionOf),
    containers: containersOf(status?.containerStatuses, spec?.containers),
    initContainers: containersOf(status?.initContainerStatuses, spec?.initContainers).filter(
      ({ name }) => !sidecars.has(name),
    ),
  };
}

/** What is kept of a node. */
export function nodeSnapshot(node: RawNode | undefined): NodeSnapshot {
  const ready = (node?.status?.conditions ?? []).find(({ type }) => type === "Ready");
  const status = ready?.status === "True" || ready?.status === "False" ? ready.status : "Unknown";
  return {
    name: node?.metadata?.name ?? "",
    ready: status,
    ...present({ message: ready?.message ?? ready?.reason }),
  };
}

/** The Job controller's own, of every pod it counts. */
const trackingFinalizer = "batch.kubernetes.io/job-tracking";

const keptConditions = new Set(["PodScheduled", "Ready", "DisruptionTarget"]);

/** Annotations may be large, and a watch holds a thousand Jobs. */
const keptAnnotationNames = [
  "claude-k8s/supervisor",
  "claude-k8s/epoch",
  "claude-k8s/cancel-requested",
];

function keptAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const kept = keptAnnotationNames.flatMap((name) => {
    const value = annotations?.[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function listed(names: readonly string[] | null | undefined): readonly string[] | undefined {
  return names == null || names.length === 0 ? undefined : names;
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
        ready: status.ready === true ? (true as const) : undefined,
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
