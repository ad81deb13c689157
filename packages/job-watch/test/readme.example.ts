import { createJobHub, describeEnd } from "@claude-k8s/job-watch";
import { kubeHttp } from "@claude-k8s/kube-http";
import { KubeConfig } from "@kubernetes/client-node";

/** Tells how far a Job is, then how it ended; true when its program exited with 0. */
export async function watchJob(name: string, signal: AbortSignal): Promise<boolean> {
  const config = new KubeConfig();
  config.loadFromDefault();
  const http = kubeHttp(config);
  const hub = createJobHub({ http, namespace: "default", labelSelector: "app=example" });
  try {
    for await (const event of hub.watch(
      { namespace: "default", name },
      { container: "main", signal },
    )) {
      if (event.type === "phase") console.log(event.phase, event.detail ?? "");
      if (event.type === "end") {
        console.log(describeEnd(event.end));
        return event.end.kind === "exited" && event.end.exit.code === 0;
      }
    }
    return false;
  } finally {
    await hub.close();
    http.close();
  }
}
