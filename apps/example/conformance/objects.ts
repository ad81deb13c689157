import { setTimeout as sleep } from "node:timers/promises";
import type { KubeAnswer, KubeQuery, KubeStream } from "@claude-k8s/kube-http";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { ClusterUnderTest } from "./cluster.ts";

/** Any object, as far as the tests look at it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
    readonly finalizers?: readonly string[];
  };
}

export interface KubeList<T> {
  readonly kind: string;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** Jobs are `batch/v1`, Leases `coordination.k8s.io/v1`, all else here `v1`. */
export function pathOf(cluster: ClusterUnderTest, resource: string, name = ""): string {
  const group =
    { jobs: "apis/batch/v1", leases: "apis/coordination.k8s.io/v1" }[resource] ?? "api/v1";
  return `/${group}/namespaces/${cluster.namespace}/${resource}${name === "" ? "" : `/${name}`}`;
}

export async function create<T = KubeObject>(
  cluster: ClusterUnderTest,
  resource: string,
  body: unknown,
): Promise<T> {
  const { http, signal } = cluster;
  return ok(
    await http.request<T>({ method: "POST", path: pathOf(cluster, resource), body, signal }),
  );
}

export function get<T = KubeObject>(
  cluster: ClusterUnderTest,
  resource: string,
  name: string,
): Promise<KubeAnswer<T>> {
  const { http, signal } = cluster;
  return http.request<T>({ method: "GET", path: pathOf(cluster, resource, name), signal });
}

export async function list<T = KubeObject>(
  cluster: ClusterUnderTest,
  resource: string,
  query: KubeQuery = {},
): Promise<KubeList<T>> {
  const { http, signal } = cluster;
  const path = pathOf(cluster, resource);
  return ok(await http.request<KubeList<T>>({ method: "GET", path, query, signal }));
}

export function patch<T = KubeObject>(
  cluster: ClusterUnderTest,
  [resource, name]: readonly [string, string],
  body: unknown,
): Promise<KubeAnswer<T>> {
  const { http, signal } = cluster;
  const kind = Array.isArray(body) ? "json-patch" : "merge-patch";
  const path = pathOf(cluster, resource, name);
  return http.request<T>({
    method: "PATCH",
    path,
    body,
    contentType: `application/${kind}+json`,
    signal,
  });
}

export function remove(
  cluster: ClusterUnderTest,
  [resource, name]: readonly [string, string],
  how: { readonly body?: unknown; readonly query?: KubeQuery } = {},
): Promise<KubeAnswer<unknown>> {
  const { http, signal } = cluster;
  return http.request({ method: "DELETE", path: pathOf(cluster, resource, name), ...how, signal });
}

/** The body of an answer that had to be good. */
export function ok<T>(answer: KubeAnswer<T>): T {
  if (answer.kind === "ok") return answer.body;
  throw new Error(`expected an ok, not ${JSON.stringify(answer)}`);
}

/** The refusal of an answer that had to be one. */
export function refused<T>(answer: KubeAnswer<T>): {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
} {
  if (answer.kind !== "ok" && answer.status !== undefined) return answer.status;
  throw new Error(`expected a refusal with a status, not ${answer.kind}`);
}

export function readLog(
  cluster: ClusterUnderTest,
  pod: string,
  query: KubeQuery = {},
): Promise<KubeStream> {
  const path = `${pathOf(cluster, "pods", pod)}/log`;
  return cluster.http.open({ path, query, signal: cluster.signal });
}

export async function textOf(stream: KubeStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const withinMs = 150_000;

/**
 * Looks until `look` answers something, at most two and a half minutes: a real cluster may have to start a pod
 * first, and its controllers may still be coming back from an outage.
 */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until)
      throw new Error(`still not there after ${withinMs / 1_000} s: ${String(look)}`);
    await sleep(25);
  }
}

/** The one pod of a Job, once it is as wanted. */
export function podOf(
  cluster: ClusterUnderTest,
  job: string,
  wanted: (pod: V1Pod) => boolean = () => true,
): Promise<V1Pod> {
  return eventually(async () => {
    const pods = await list<V1Pod>(cluster, "pods", { labelSelector: `job-name=${job}` });
    return pods.items.find(wanted);
  });
}

/** The Job, once it is as wanted. */
export function jobWhen(
  cluster: ClusterUnderTest,
  name: string,
  wanted: (job: V1Job) => boolean,
): Promise<V1Job> {
  return eventually(async () => {
    const job = ok(await get<V1Job>(cluster, "jobs", name));
    return wanted(job) ? job : undefined;
  });
}
