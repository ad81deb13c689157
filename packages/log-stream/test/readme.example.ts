import { kubeHttp } from "@claude-k8s/kube-http";
import { followLog, kubeLogSource, podContainerState } from "@claude-k8s/log-stream";
import { KubeConfig } from "@kubernetes/client-node";

/** Prints one container's log, every line once, and tells whether that was all of it. */
export async function printLog(pod: string, signal: AbortSignal): Promise<boolean> {
  const config = new KubeConfig();
  config.loadFromDefault();
  const http = kubeHttp(config);
  const target = { namespace: "default", pod, container: "main" };
  try {
    for await (const event of followLog({
      source: kubeLogSource(http),
      containerState: podContainerState(http, target),
      target,
      signal,
    })) {
      if (event.type === "lines") for (const line of event.lines) console.log(line.text);
      if (event.type === "gap") console.error(`rotated away after ${event.after}`);
      if (event.type === "end") return event.proof === "verified";
    }
    return false;
  } finally {
    http.close();
  }
}
