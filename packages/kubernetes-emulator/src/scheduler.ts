import { member, textMember } from "./json.ts";
import type { Node, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { mergeConditions } from "./pod-status.ts";
import { quantity } from "./quantity.ts";

/** Binds pods to nodes; what fits nowhere stays Pending and is tried again. Returns how to stop it. */
export function startScheduler(world: KubeletWorld): () => void {
  const { store, clock, latency } = world;
  const planned = new Set<string>();
  const plan = (pod: Pod, ms: number): void => {
    if (planned.has(pod.metadata.uid)) return;
    planned.add(pod.metadata.uid);
    clock.after(ms, () => {
      planned.delete(pod.metadata.uid);
      const current = store.pods.get(pod.metadata.namespace, pod.metadata.name);
      if (current === undefined || !awaitsNode(current)) return;
      if (!schedule(world, current)) plan(current, latency.retryMs);
    });
  };
  return store.onChange((change) => {
    if (change.type !== "ADDED" || change.resource.plural !== "pods") return;
    const pod = store.pods.get(change.object.metadata.namespace, change.object.metadata.name);
    if (pod !== undefined && awaitsNode(pod)) plan(pod, latency.schedulingMs);
  });
}

function awaitsNode(pod: Pod): boolean {
  return pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined;
}

function schedule(world: KubeletWorld, pod: Pod): boolean {
  const { store, clock, record } = world;
  const nodes = store.nodes.list();
  const claim = missingClaim(world, pod);
  const obstacles = nodes.map((node) => claim ?? obstacle(node, pod, store.pods.values()));
  const node = nodes[obstacles.indexOf(undefined)];
  const why = claim === undefined ? summary(obstacles) : `${claim}. not found`;
  const message = `0/${nodes.length} nodes are available: ${why}`;
  store.pods.change(pod, (draft) => {
    if (node !== undefined) draft.spec.nodeName = node.metadata.name;
    draft.status.conditions = mergeConditions(
      draft.status.conditions ?? [],
      [
        node === undefined
          ? { type: "PodScheduled", status: "False", reason: "Unschedulable", message }
          : { type: "PodScheduled", status: "True" },
      ],
      clock.seconds(),
    );
  });
  const from = "default-scheduler";
  if (node === undefined) {
    record(pod, { type: "Warning", reason: "FailedScheduling", message, from });
    return false;
  }
  const { namespace = "", name } = pod.metadata;
  const assigned = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
  record(pod, { type: "Normal", reason: "Scheduled", message: assigned, from });
  return true;
}

/** A volume claim that is not there keeps a pod from every node. */
function missingClaim({ store }: KubeletWorld, pod: Pod): string | undefined {
  const claims = store.find("persistentvolumeclaims");
  for (const volume of pod.spec.volumes ?? []) {
    const name = textMember(member(volume, "persistentVolumeClaim"), "claimName");
    if (name !== undefined && claims.get(pod.metadata.namespace, name) === undefined)
      return `persistentvolumeclaim "${name}" not found`;
  }
  return undefined;
}

/** Why a node does not take a pod, in the scheduler's words; undefined when it does. */
function obstacle(node: Node, pod: Pod, pods: readonly Pod[]): string | undefined {
  if (node.spec.unschedulable === true) return "node(s) were unschedulable";
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  if (!wanted.every(([key, value]) => labels[key] === value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const there = pods.filter(
    (one) =>
      one.spec.nodeName === node.metadata.name &&
      one.status.phase !== "Succeeded" &&
      one.status.phase !== "Failed",
  );
  const free = (resource: string): number =>
    quantity(node.status.allocatable[resource] ?? "0") -
    there.reduce((sum, one) => sum + requested(one, resource), 0);
  if (quantity(node.status.allocatable["pods"] ?? "0") <= there.length) return "Too many pods";
  const short = ["cpu", "memory"].find((resource) => requested(pod, resource) > free(resource));
  return short === undefined ? undefined : `Insufficient ${short}`;
}

function requested(pod: Pod, resource: string): number {
  return pod.spec.containers.reduce((sum, container) => {
    const { requests, limits } = container.resources ?? {};
    return sum + quantity(requests?.[resource] ?? limits?.[resource] ?? "0");
  }, 0);
}

function summary(obstacles: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const one of obstacles) if (one !== undefined) counts.set(one, (counts.get(one) ?? 0) + 1);
  if (counts.size === 0) return "no nodes available to schedule pods";
  return `${[...counts].map(([text, count]) => `${count} ${text}`).join(", ")}.`;
}
