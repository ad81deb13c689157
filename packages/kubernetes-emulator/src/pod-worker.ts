import type { ContainerRecord } from "./container-record.ts";
import { createContainerRunner } from "./container-runner.ts";
import type { Container, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { podStatus } from "./pod-status.ts";
import { mountVolumes, type PodVolumes } from "./volumes.ts";

/** The kubelet's care for one pod, from being bound to its end. */
export interface PodWorker {
  readonly uid: string;
  container(name: string): ContainerRecord | undefined;
  /** The pod is to go: SIGTERM, and SIGKILL after the grace. */
  stop(graceSeconds: number): void;
  /** The emulator goes: everything ends now. */
  kill(): void;
  /** The node lacks something: the pod is Failed at once, its containers are killed and forgotten. */
  evict(message: string): void;
  /** Writes the status anew, over what others wrote of it. */
  refresh(): void;
  readonly done: Promise<void>;
}

export function startPodWorker(world: KubeletWorld, pod: Pod): PodWorker {
  const stopping = new AbortController();
  const ending = new AbortController();
  const records = [
    ...(pod.spec.initContainers ?? []).map((spec) => newRecord(spec, true)),
    ...pod.spec.containers.map((spec) => newRecord(spec, false)),
  ];
  let progress = { initialized: false, finished: false, sandbox: false, evicted: false };
  const current = (): Pod => world.store.pods.get(pod.metadata.namespace, pod.metadata.name) ?? pod;

  const report = async (change: Partial<typeof progress> = {}): Promise<void> => {
    progress = { ...progress, ...change };
    await world.awake();
    world.store.pods.change(pod, (draft) => {
      draft.status = podStatus(
        draft,
        structuredClone(records.map(factsOf)),
        progress,
        world.clock.seconds(),
      );
    });
  };
  const either = AbortSignal.any([stopping.signal, ending.signal]);
  const runner = createContainerRunner(world, { pod: current, report, stopping: either });
  const sidecars: Promise<unknown>[] = [];

  const live = async (): Promise<void> => {
    await report();
    const volumes = await mounted(world, current, stopping.signal);
    if (volumes === undefined) return;
    await report({ sandbox: true });
    for (const record of records.filter((one) => one.init)) {
      if (record.spec.restartPolicy === "Always") sidecars.push(runner.run(record, volumes));
      else if ((await runner.run(record, volumes)) !== 0) return;
    }
    await report({ initialized: true });
    await Promise.all(records.filter((one) => !one.init).map((one) => runner.run(one, volumes)));
  };

  const stop = (graceSeconds: number): void => {
    stopping.abort();
    const spec = current();
    for (const record of records) {
      if (record.run === undefined) continue;
      record.run.terminate();
      const message = `Stopping container ${record.spec.name}`;
      world.record(spec, { type: "Normal", reason: "Killing", message, from: "kubelet" });
    }
    world.clock.after(graceSeconds * 1000, kill);
  };
  const kill = (): void => {
    stopping.abort();
    for (const record of records) record.run?.kill();
  };
  const whole = async (): Promise<void> => {
    await live();
    ending.abort();
    for (const record of records) record.run?.terminate();
    await Promise.all(sidecars);
    await world.clock.wait(world.latency.phaseMs);
    await report({ finished: true });
    if (stopping.signal.aborted) release(world, pod);
  };
  return {
    uid: pod.metadata.uid,
    container: (name) => records.find((one) => one.spec.name === name),
    stop,
    kill,
    evict: (message) => {
      world.store.pods.change(pod, (draft) => {
        draft.status.reason = "Evicted";
        draft.status.message = message;
      });
      void report({ evicted: true });
      kill();
    },
    refresh: () => void report(),
    done: whole(),
  };
}

function newRecord(spec: Container, init: boolean): ContainerRecord {
  const waiting = { reason: init ? "PodInitializing" : "ContainerCreating" };
  return { spec, init, state: { waiting }, lastState: {}, restartCount: 0, imageID: "" };
}

function factsOf(record: ContainerRecord): Omit<ContainerRecord, "run" | "log" | "previousLog"> {
  const { run: _run, log: _log, previousLog: _previousLog, ...facts } = record;
  return facts;
}

/** Tries until every volume is there; undefined when the pod is stopped before. */
async function mounted(
  world: KubeletWorld,
  pod: () => Pod,
  stopping: AbortSignal,
): Promise<PodVolumes | undefined> {
  while (!stopping.aborted) {
    const volumes = mountVolumes(world, pod());
    if (!("message" in volumes)) return volumes;
    const { message } = volumes;
    world.record(pod(), { type: "Warning", reason: "FailedMount", message, from: "kubelet" });
    await world.clock.wait(world.latency.retryMs, stopping);
  }
  return undefined;
}

/** The kubelet's last word on a deleted pod: grace 0, so that the object goes. */
function release(world: KubeletWorld, pod: Pod): void {
  world.store.pods.change(pod, (draft) => {
    if (draft.metadata.deletionTimestamp !== undefined)
      draft.metadata.deletionGracePeriodSeconds = 0;
  });
}
