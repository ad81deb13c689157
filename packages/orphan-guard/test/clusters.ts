import { readFileSync } from "node:fs";
import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import * as one from "@kubernetes/client-node-1";
import { type KubeHttp, kubeHttp } from "@claude-k8s/kube-http";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { apiJobStore, type JobStore, kubeJobStore } from "../src/index.ts";

export type Cluster = AsyncDisposable & {
  readonly namespace: string;
  readonly http: KubeHttp;
  readonly stores: Readonly<Record<Binding, JobStore>>;
};

export const bindings = ["kubeJobStore", "apiJobStore", "apiJobStore of 1.x"] as const;
type Binding = (typeof bindings)[number];

/**
 * The emulator; or, with CONFORMANCE_KUBECONFIG, that cluster, in the namespace CONFORMANCE_NAMESPACE.
 * The same tests hold on both.
 */
export async function startCluster(): Promise<Cluster> {
  const path = process.env["CONFORMANCE_KUBECONFIG"];
  if (path !== undefined) {
    const namespace = process.env["CONFORMANCE_NAMESPACE"] ?? "default";
    return connected(readFileSync(path, "utf8"), namespace);
  }
  const emulator = await startEmulator();
  emulator.program("idle", async (container) => {
    await container.sleep(60_000);
    return 0;
  });
  return connected(emulator.kubeConfig, "default", () => emulator[Symbol.asyncDispose]());
}

function connected(text: string, namespace: string, stop?: () => PromiseLike<void>): Cluster {
  const config = new KubeConfig();
  config.loadFromString(text);
  const http = kubeHttp(config);
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const older = new one.KubeConfig();
  older.loadFromString(text);
  return {
    namespace,
    http,
    stores: {
      kubeJobStore: kubeJobStore(http),
      apiJobStore: apiJobStore({ batch, core }),
      "apiJobStore of 1.x": apiJobStore({
        batch: older.makeApiClient(one.BatchV1Api),
        core: older.makeApiClient(one.CoreV1Api),
      }),
    },
    async [Symbol.asyncDispose]() {
      http.close();
      if (stop !== undefined) return stop();
      const ours = { namespace, labelSelector: "orphan-guard-test" };
      const body = { propagationPolicy: "Background" };
      await batch.deleteCollectionNamespacedJob({ ...ours, body });
      await core.deleteCollectionNamespacedSecret(ours);
    },
  };
}
