import { kubeHttp } from "@claude-k8s/kube-http";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { recordingsFolder } from "../folders.ts";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { replayProgram } from "../replay/replay-program.ts";
import type { Place } from "./place.ts";

const namespace = "agents";
const image = "claude-replay:demo";

/** How long things take on a small real cluster, so that the phases can be seen to pass. */
const latency = { schedulingMs: 50, pullMs: 300, startMs: 250, statusMs: 300, logEndMs: 500 };

/** A Kubernetes API server in this process, whose pods run the replay. */
export async function emulatedPlace(): Promise<Place> {
  const emulator = await startEmulator({ tls: true, namespaces: [namespace], latency });
  emulator.program(image, replayProgram(recordingsFolder));
  const http = kubeHttp(kubeConfigOf(emulator.kubeConfig));
  return {
    title: `the embedded Kubernetes emulator, ${emulator.url}`,
    kubeConfig: emulator.kubeConfig,
    http,
    namespace,
    image,
    async close() {
      http.close();
      await emulator[Symbol.asyncDispose]();
      return [];
    },
  };
}
