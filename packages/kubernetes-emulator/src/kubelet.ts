import type { ContainerRecord } from "./container-record.ts";
import type { Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { startPodWorker, type PodWorker } from "./pod-worker.ts";

/** The node agent: one worker per bound pod. */
export interface Kubelet {
  container(pod: Pod, name: string): ContainerRecord | undefined;
  worker(pod: Pod): PodWorker | undefined;
  /** Kills every container and waits for the workers. */
  close(): Promise<void>;
}

export function startKubelet(world: KubeletWorld): Kubelet {
  const { store } = world;
  const workers = new Map<string, PodWorker>();
  const stopped = new Map<string, number>();

  const whenAwake = async (work: () => void): Promise<void> => {
    if (!world.isAway()) return work();
    await world.awake();
    work();
  };
  const forgetWhenDone = async (worker: PodWorker, { metadata }: Pod): Promise<void> => {
    await worker.done;
    const there = store.pods.get(metadata.namespace, metadata.name);
    if (there?.metadata.uid !== worker.uid) workers.delete(worker.uid);
  };
  const begin = (pod: Pod): PodWorker => {
    const worker = startPodWorker(world, pod);
    workers.set(pod.metadata.uid, worker);
    void forgetWhenDone(worker, pod);
    return worker;
  };
  const look = (pod: Pod): void => {
    const { uid, deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.metadata;
    if (pod.spec.nodeName === undefined) return;
    const worker = workers.get(uid) ?? begin(pod);
    const grace = stopped.get(uid) ?? Infinity;
    if (deletionTimestamp === undefined || deletionGracePeriodSeconds >= grace) return;
    stopped.set(uid, deletionGracePeriodSeconds);
    void whenAwake(() => worker.stop(deletionGracePeriodSeconds));
  };
  const end = store.onChange((change) => {
    if (change.resource.plural !== "pods") return;
    const { namespace, name, uid } = change.object.metadata;
    if (change.type === "DELETED") {
      // An object that is gone stops nothing on a node that is away.
      const worker = workers.get(uid);
      void whenAwake(() => worker?.kill());
      workers.delete(uid);
      stopped.delete(uid);
      return;
    }
    const pod = store.pods.get(namespace, name);
    if (pod !== undefined) look(pod);
  });

  return {
    worker: (pod) => workers.get(pod.metadata.uid),
    container: (pod, name) => workers.get(pod.metadata.uid)?.container(name),
    close: async () => {
      end();
      const all = [...workers.values()];
      for (const worker of all) worker.kill();
      await Promise.all(all.map((worker) => worker.done));
    },
  };
}
