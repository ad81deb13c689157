import type { KubeRequest } from "@claude-k8s/kube-http";
import type { V1Container } from "@kubernetes/client-node";
import { nameOf, type StateSeen, type StateWorld } from "./state.ts";

type Act = (world: StateWorld, seen: StateSeen) => Promise<unknown>;

async function send(
  { http, signal }: StateWorld,
  request: Omit<KubeRequest, "signal">,
): Promise<void> {
  const answer = await http.request({ ...request, signal });
  if (answer.kind !== "ok") throw new Error(`${request.method} ${request.path}: ${answer.kind}`);
}

const jobs = ({ namespace }: StateWorld): string => `/apis/batch/v1/namespaces/${namespace}/jobs`;
const pods = ({ namespace }: StateWorld): string => `/api/v1/namespaces/${namespace}/pods`;

export const deleteJob =
  (propagationPolicy: "Foreground" | "Background"): Act =>
  (world, { job }) =>
    send(world, {
      method: "DELETE",
      path: `${jobs(world)}/${nameOf(job)}`,
      body: { propagationPolicy, preconditions: { uid: job.metadata?.uid } },
    });

export const deletePod: Act = (world, { pod }) =>
  send(world, { method: "DELETE", path: `${pods(world)}/${nameOf(pod)}` });

export const evict: Act = (world, { pod }) =>
  send(world, {
    method: "POST",
    path: `${pods(world)}/${nameOf(pod)}/eviction`,
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: nameOf(pod), namespace: world.namespace },
    },
  });

export const suspend: Act = (world, { job }) =>
  send(world, {
    method: "PATCH",
    path: `${jobs(world)}/${nameOf(job)}`,
    contentType: "application/merge-patch+json",
    body: { spec: { suspend: true } },
  });

/** A `ResourceQuota` of the namespace. */
export const quota =
  (hard: Readonly<Record<string, string>>) =>
  async (world: StateWorld): Promise<void> => {
    const path = `/api/v1/namespaces/${world.namespace}/resourcequotas`;
    const body = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "few" },
      spec: { hard },
    };
    await send(world, { method: "POST", path, body });
    // It counts only once its controller has seen it.
    for (let look = 0; look < 100; look += 1) {
      const answer = await world.http.request<{ status?: { hard?: object } }>({
        method: "GET",
        path: `${path}/few`,
        signal: world.signal,
      });
      if (answer.kind === "ok" && answer.body.status?.hard !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the quota did not come into force within 5 s");
  };

const slot = "claude-k8s.example/slot";

/** One slot on a node, which one pod of our own asks for, and then one that matters more. */
export const slotContainer: Pick<V1Container, "resources"> = {
  resources: { limits: { [slot]: "1" } },
};

export async function offerSlot(world: StateWorld): Promise<void> {
  const { http, signal } = world;
  const nodes = await http.request<{ items: { metadata: { name: string } }[] }>({
    method: "GET",
    path: "/api/v1/nodes",
    signal,
  });
  const node = nodes.kind === "ok" ? nodes.body.items[0]?.metadata.name : undefined;
  await send(world, {
    method: "PATCH",
    path: `/api/v1/nodes/${node ?? ""}/status`,
    contentType: "application/merge-patch+json",
    body: { status: { capacity: { [slot]: "1" }, allocatable: { [slot]: "1" } } },
  });
  const existing = await http.request({
    method: "GET",
    path: `${classes}/claude-k8s-more`,
    signal,
  });
  if (existing.kind === "ok") return;
  const metadata = { name: "claude-k8s-more" };
  const body = {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata,
    value: 1_000,
  };
  await send(world, { method: "POST", path: classes, body });
}

const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";

export const preempt: Act = (world) =>
  send(world, {
    method: "POST",
    path: pods(world),
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "matters-more" },
      spec: {
        priorityClassName: "claude-k8s-more",
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "x", image: world.image, command: ["sleep", "5"], ...slotContainer }],
      },
    },
  });
