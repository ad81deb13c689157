import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import { KubeConfig } from "@kubernetes/client-node";

/** A factory, so that expired credentials are made anew. */
export function connect(): KubeHttp {
  return kubeHttp(() => {
    const config = new KubeConfig();
    config.loadFromDefault();
    return config;
  });
}

export async function show(http: KubeHttp, pod: string, signal: AbortSignal): Promise<string> {
  const path = `/api/v1/namespaces/default/pods/${pod}`;
  const answer = await http.request<{ status: { phase: string } }>({ method: "GET", path, signal });
  if (answer.kind !== "ok") return answer.kind; // "not-found", "conflict", "gone" or "invalid"

  const log = await http.open({ path: `${path}/log`, query: { follow: true }, signal });
  if (log.status !== 200) return `${answer.body.status.phase}: ${log.message}`;
  let bytes = 0;
  for await (const chunk of log.body) bytes += chunk.length;
  return `${answer.body.status.phase}: ${bytes} bytes, ${log.complete() ? "ended" : "cut"}`;
}
