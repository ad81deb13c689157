import type { KubeHttp } from "@claude-k8s/kube-http";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { ClusterApis } from "./api-cluster.ts";

/** How long a connection goes on trying: seconds for first questions, or what a run may take to ride out. */
export type Patience = "seconds" | "minutes";

/** Gives connections. Over `KubeHttp` where there is one, else over client-node-shaped objects. */
export type ClusterClient = {
  getSelfPodInfo(kubeconfigPath?: string): Promise<SelfPodInfo>;
} & (
  | { getKubeHttp(kubeconfigPath?: string, patience?: Patience): KubeHttp }
  | {
      getLogApi(kubeconfigPath?: string): ClusterApis["log"];
      getBatchApi(kubeconfigPath?: string): ClusterApis["batch"];
      getCoreApi(kubeconfigPath?: string): ClusterApis["core"];
    }
);
