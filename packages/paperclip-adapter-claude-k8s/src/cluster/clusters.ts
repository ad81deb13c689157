import type { KubeHttp } from "@claude-k8s/kube-http";
import { AdapterError } from "../errors.ts";
import type { Cluster } from "../run/cluster.ts";
import { apiCluster } from "./api-cluster.ts";
import type { ClusterClient } from "./cluster-client.ts";
import { createHttpClusters, type HttpClusterParts } from "./http-cluster.ts";

/** Opens clusters for runs, by whichever binding the client offers. */
export interface Clusters {
  open(kubeconfig: string | undefined, namespace: string): Cluster;
  /** For questions that want an answer within seconds. */
  quick(kubeconfig: string | undefined): KubeHttp;
}

export function createClusters(client: ClusterClient, parts: HttpClusterParts): Clusters {
  const openHttp = createHttpClusters(parts);
  return {
    open(kubeconfig, namespace) {
      // `in`, for a module namespace that lacks the export must not be read.
      if ("getKubeHttp" in client) {
        const http = client.getKubeHttp(kubeconfig);
        return openHttp({ http, quick: client.getKubeHttp(kubeconfig, "seconds") }, namespace);
      }
      return apiCluster({
        batch: client.getBatchApi(kubeconfig),
        core: client.getCoreApi(kubeconfig),
        log: client.getLogApi(kubeconfig),
      });
    },
    quick(kubeconfig) {
      if ("getKubeHttp" in client) return client.getKubeHttp(kubeconfig, "seconds");
      throw new AdapterError("ADAPTER_NO_CLUSTER", "this client cannot ask a cluster freely");
    },
  };
}
