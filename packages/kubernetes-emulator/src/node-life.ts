import type { Clock } from "./clock.ts";
import { deleteObject } from "./deletion.ts";
import { EmulatorError } from "./errors.ts";
import { markDisrupted } from "./eviction.ts";
import type { Condition, Node, Pod } from "./kube-object.ts";
import type { Kubelet } from "./kubelet.ts";
import type { NodeGate } from "./node-gate.ts";
import type { NodeLife, PodTarget } from "./node-types.ts";
import { mergeConditions } from "./pod-status.ts";
import type { Store } from "./store.ts";

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly kubelet: Kubelet;
  readonly gate: NodeGate;
}

const away: Condition = {
  type: "Ready",
  status: "Unknown",
  reason: "NodeStatusUnknown",
  message: "Kubelet stopped posting node status.",
};

const back: Condition = {
  type: "Ready",
  status: "True",
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};

/** The node's own life, and what the node controller makes of it (pkg/controller/nodelifecycle). */
export function createNodeLife({ store, clock, kubelet, gate }: Parts): NodeLife {
  const say = (condition: Condition): void => {
    for (const node of store.nodes.list())
      store.nodes.change(node, (draft: Node) => {
        const before = draft.status.conditions ?? [];
        draft.status.conditions = mergeConditions(before, [condition], clock.seconds());
      });
  };
  const bound = (): Pod[] =>
    store.pods
      .list()
      .filter(({ spec, status }) => spec.nodeName !== undefined && status.phase === "Running");
  const notice = (): void => {
    say(away);
    for (const pod of bound())
      store.pods.change(pod, (draft) => {
        const ready = draft.status.conditions?.find(({ type }) => type === "Ready");
        if (ready?.status !== "True") return;
        // Only the word is changed: reason and containers stay as the kubelet left them.
        ready.status = "False";
        ready.lastTransitionTime = clock.seconds();
      });
  };
  const evictAll = (): void => {
    for (const pod of bound()) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      markDisrupted(store, clock, pod, {
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      });
      deleteObject(store, clock, pod, {});
    }
  };
  return {
    down: async (forMs, { noticedAfterMs = 40, evictsAfterMs } = {}) => {
      const cancels = [clock.after(noticedAfterMs, notice)];
      if (evictsAfterMs !== undefined) cancels.push(clock.after(evictsAfterMs, evictAll));
      await gate.restart({ downMs: forMs, unknownMs: 0 });
      for (const cancel of cancels) cancel();
      say(back);
      for (const pod of bound()) kubelet.worker(pod)?.refresh();
    },
    evict: (target, message = "The node was low on resource: memory. ") => {
      const pod = meant(store, target);
      markDisrupted(store, clock, pod, { reason: "TerminationByKubelet", message });
      kubelet.worker(pod)?.evict(message);
    },
  };
}

function meant(store: Store, { namespace = "default", name }: PodTarget): Pod {
  const pod = store.pods.get(namespace, name);
  if (pod?.spec.nodeName !== undefined) return pod;
  throw new EmulatorError(
    "EMULATOR_OPTION_INVALID",
    `pod: expected the name of a pod on a node, got ${namespace}/${name}`,
  );
}
