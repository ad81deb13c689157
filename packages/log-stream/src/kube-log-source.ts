import { type KubeHttp, KubeHttpError, type KubeStream } from "@claude-k8s/kube-http";
import type { LogAnswer, LogSource } from "./types.ts";

/** Reads logs from the API server. Needs the right to get `pods/log`. */
export function kubeLogSource(http: KubeHttp): LogSource {
  return {
    async open({ namespace, pod, container }, { follow, tailLines, previous, signal }) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      const query = {
        container,
        timestamps: true,
        follow: follow || undefined,
        previous: previous || undefined,
        tailLines,
      };
      try {
        return toAnswer(await http.open({ path, query, signal }));
      } catch (error) {
        signal.throwIfAborted();
        if (!KubeHttpError.isInstance(error)) throw error;
        const { code, message } = error;
        if (code === "KUBE_UNREACHABLE") return { kind: "failed", status: 0, message };
        if (code === "KUBE_UNAUTHORIZED") return { kind: "failed", status: 401, message };
        throw error;
      }
    },
  };
}

/** The kubelet says it in words only: `container "x" in pod "y" is waiting to start: ContainerCreating`. */
const notStarted = /waiting to start|ContainerCreating|PodInitializing|not available/;

function toAnswer(stream: KubeStream): LogAnswer {
  const { status, message = "", retryAfterMs, body } = stream;
  if (status === 200) return { kind: "open", body, timestamps: true };
  if (status === 204) return { kind: "not-started", message: "the pod has no node yet" };
  if (status === 404) return { kind: "not-found" };
  if (status === 400 && notStarted.test(message)) return { kind: "not-started", message };
  if (status === 429 || status === 503)
    return retryAfterMs === undefined ? { kind: "busy" } : { kind: "busy", retryAfterMs };
  return { kind: "failed", status, message };
}
