import type { KubeHttp } from "@claude-k8s/kube-http";
import { createNamespace } from "../cluster/namespace.ts";
import type { State, StateWorld } from "./state.ts";

/** The name of one of the cluster's nodes. */
export async function anyNode(http: KubeHttp, signal: AbortSignal): Promise<string> {
  const path = "/api/v1/nodes";
  const answer = await http.request<{ items: { metadata: { name: string } }[] }>({
    method: "GET",
    path,
    signal,
  });
  return answer.kind === "ok" ? (answer.body.items[0]?.metadata.name ?? "") : "";
}

/** Makes a namespace for a state alone, as the state wants it. */
export async function makeWorld(
  state: State,
  world: StateWorld & { readonly mark: string },
): Promise<StateWorld> {
  const { http, namespace, mark, signal } = world;
  await createNamespace(http, { name: namespace, mark, signal });
  if (state.namespaceLabels !== undefined)
    await http.request({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace}`,
      contentType: "application/merge-patch+json",
      body: { metadata: { labels: state.namespaceLabels } },
      signal,
    });
  await state.prepare?.(world);
  return world;
}
