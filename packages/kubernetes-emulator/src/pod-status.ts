import type {
  Condition,
  Container,
  ContainerStateField,
  ContainerStatus,
  Pod,
  PodStatus,
} from "./kube-object.ts";

/** What the kubelet knows of one container. */
export interface ContainerFacts {
  readonly spec: Container;
  readonly init: boolean;
  state: ContainerStateField;
  lastState: ContainerStateField;
  restartCount: number;
  containerID?: string;
  imageID: string;
}

/** Where a pod stands in its own life, as far as its containers do not say. */
export interface PodProgress {
  readonly initialized: boolean;
  /** The kubelet has stopped everything and reports a terminal phase from now on. */
  readonly finished: boolean;
  readonly sandbox: boolean;
  /** The kubelet has evicted it, for want of something on its node. */
  readonly evicted: boolean;
}

/** A pod's status from its containers' facts (kubelet `getPhase`, `status.Generate…Condition`). Pure. */
export function podStatus(
  pod: Pod,
  facts: readonly ContainerFacts[],
  progress: PodProgress,
  now: string,
): PodStatus {
  const phase = progress.finished ? terminalPhase(facts) : livePhase(facts, progress);
  if (progress.evicted) return evictedStatus(pod, facts, { progress, now });
  const { message, reason, podIP = "10.244.0.2" } = pod.status;
  const init = facts.filter((one) => one.init).map((one) => containerStatus(one, progress));
  const main = facts.filter((one) => !one.init).map((one) => containerStatus(one, progress));
  return {
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    phase,
    conditions: podConditions(pod, main, { phase, progress, now }),
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    ...(progress.sandbox ? { podIP, podIPs: [{ ip: podIP }] } : {}),
    startTime: pod.status.startTime ?? now,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: main,
    qosClass: pod.status.qosClass ?? "BestEffort",
  };
}

/** An evicted pod is `Failed` at once; of its containers the kubelet then knows nothing. */
function evictedStatus(
  pod: Pod,
  facts: readonly ContainerFacts[],
  { progress, now }: { readonly progress: PodProgress; readonly now: string },
): PodStatus {
  const lost = facts.map((one): ContainerFacts => {
    const { containerID: _lost, ...rest } = one;
    const state = progress.finished
      ? { terminated: lostContainer }
      : { waiting: { reason: "ContainerCreating" } };
    return { ...rest, state, lastState: {} };
  });
  const main = lost.filter((one) => !one.init).map((one) => containerStatus(one, progress));
  return {
    ...pod.status,
    phase: "Failed",
    conditions: podConditions(pod, main, { phase: "Failed", progress, now }),
    containerStatuses: main,
  };
}

/** What the kubelet makes up for a container it cannot find: neither its code nor its times mean anything. */
const lostContainer = {
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
  startedAt: null,
  finishedAt: null,
};

function livePhase(facts: readonly ContainerFacts[], progress: PodProgress): PodStatus["phase"] {
  if (!progress.initialized) return "Pending";
  const main = facts.filter((one) => !one.init);
  const unstarted = main.some(
    (one) => one.state.waiting !== undefined && one.lastState.terminated === undefined,
  );
  return unstarted ? "Pending" : "Running";
}

/** A container without an end was never run: the pod was stopped before. That is a failure. */
function terminalPhase(facts: readonly ContainerFacts[]): PodStatus["phase"] {
  const counted = facts.filter((one) => !(one.init && one.spec.restartPolicy === "Always"));
  return counted.every((one) => one.state.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
}

function containerStatus(facts: ContainerFacts, progress: PodProgress): ContainerStatus {
  const running = facts.state.running !== undefined;
  const sidecar = facts.spec.restartPolicy === "Always";
  const done = facts.init && !sidecar && facts.state.terminated?.exitCode === 0;
  return {
    ...(facts.containerID === undefined ? {} : { containerID: facts.containerID }),
    image: facts.spec.image,
    imageID: facts.imageID,
    lastState: facts.lastState,
    name: facts.spec.name,
    ready: done || (running && !progress.finished && (!facts.init || sidecar)),
    restartCount: facts.restartCount,
    started: running,
    state: facts.state,
  };
}

interface ConditionInput {
  readonly phase: PodStatus["phase"];
  readonly progress: PodProgress;
  readonly now: string;
}

function podConditions(
  pod: Pod,
  main: readonly ContainerStatus[],
  input: ConditionInput,
): Condition[] {
  const unready = main.filter((one) => !one.ready).map((one) => one.name);
  const names = `[${unready.join(" ")}]`;
  const why =
    input.phase === "Succeeded"
      ? { reason: "PodCompleted" }
      : input.phase === "Failed"
        ? { reason: "PodFailed" }
        : { reason: "ContainersNotReady", message: `containers with unready status: ${names}` };
  const ready = input.progress.initialized && unready.length === 0;
  const wanted: Condition[] = [
    {
      type: "PodReadyToStartContainers",
      status: truth(input.progress.sandbox && !input.progress.finished),
    },
    {
      type: "Initialized",
      status: truth(input.progress.initialized),
      ...(input.progress.initialized
        ? input.phase === "Succeeded"
          ? { reason: "PodCompleted" }
          : {}
        : {
            reason: "ContainersNotInitialized",
            message: `containers with incomplete status: ${incomplete(pod)}`,
          }),
    },
    { type: "Ready", status: truth(ready), ...(ready ? {} : why) },
    { type: "ContainersReady", status: truth(ready), ...(ready ? {} : why) },
    { type: "PodScheduled", status: "True" },
  ];
  return mergeConditions(pod.status.conditions ?? [], wanted, input.now);
}

function incomplete(pod: Pod): string {
  return `[${(pod.spec.initContainers ?? []).map((one) => one.name).join(" ")}]`;
}

function truth(value: boolean): "True" | "False" {
  return value ? "True" : "False";
}

/** Keeps the transition time of what did not change, and conditions that others set. */
export function mergeConditions(
  before: readonly Condition[],
  wanted: readonly Condition[],
  now: string,
): Condition[] {
  const others = before.filter((one) => wanted.every((other) => other.type !== one.type));
  const merged = wanted.map((one): Condition => {
    const old = before.find((other) => other.type === one.type);
    const since = old?.status === one.status ? (old.lastTransitionTime ?? now) : now;
    return { ...one, lastProbeTime: null, lastTransitionTime: since };
  });
  return [...others, ...merged];
}
