import type { KubeHttp } from "@claude-k8s/kube-http";
import { setTimeout as sleep } from "node:timers/promises";
import { ExampleError } from "../errors.ts";

const label = "claude-k8s/example";

/** Labels of a namespace that `removeNamespaces` finds by its mark. */
export function namespaceLabels(mark: string): Readonly<Record<string, string>> {
  return { [label]: mark };
}

/** Admits only pods that the Pod Security standard `restricted` allows. */
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };

export interface NamespaceRequest {
  readonly name: string;
  readonly mark: string;
  /** Default false. */
  readonly isRestricted?: boolean;
  readonly signal: AbortSignal;
}

interface NamespaceList {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/**
 * Makes a namespace marked with `mark`, and waits for its service account: no pod can be made before.
 * @throws ExampleError `EXAMPLE_NO_CLUSTER` when the cluster refuses it
 */
export async function createNamespace(http: KubeHttp, request: NamespaceRequest): Promise<void> {
  const { name, mark, isRestricted = false, signal } = request;
  const answer = await http.request({
    method: "POST",
    path: "/api/v1/namespaces",
    body: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { ...namespaceLabels(mark), ...(isRestricted ? restricted : {}) } },
    },
    signal,
  });
  if (answer.kind !== "ok")
    throw new ExampleError("EXAMPLE_NO_CLUSTER", `namespace ${name}: ${answer.kind}`);
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  for (let look = 0; look < 600; look += 1) {
    const found = await http.request({ method: "GET", path: account, signal });
    if (found.kind === "ok") return;
    await sleep(100, undefined, { signal });
  }
  throw new ExampleError(
    "EXAMPLE_NO_CLUSTER",
    `namespace ${name} has no service account after 60 s`,
  );
}

/**
 * Deletes every namespace with this mark and waits until none is left. Answers the names of those
 * that still stood after `withinMs`.
 */
export async function removeNamespaces(
  http: KubeHttp,
  request: { readonly mark: string; readonly withinMs: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const until = performance.now() + request.withinMs;
  let left = await marked(http, request);
  for (const name of left) {
    await http.request({
      method: "DELETE",
      path: `/api/v1/namespaces/${name}`,
      signal: request.signal,
    });
  }
  while (left.length > 0 && performance.now() < until) {
    await sleep(250, undefined, { signal: request.signal });
    left = await marked(http, request);
  }
  return left;
}

async function marked(
  http: KubeHttp,
  request: { readonly mark: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const answer = await http.request<NamespaceList>({
    method: "GET",
    path: "/api/v1/namespaces",
    query: { labelSelector: `${label}=${request.mark}` },
    signal: request.signal,
  });
  return answer.kind === "ok" ? answer.body.items.map((item) => item.metadata.name) : [];
}
