import type { ServerAdapterModule } from "@paperclipai/adapter-utils";
import type { KubeConfigLike } from "@claude-k8s/kube-http";

/** How the adapter reaches a cluster when the host does not say it per agent. */
export interface ServerAdapterOptions {
  /**
   * The cluster to use for every agent that names no `kubeconfig` of its own: the text of a kubeconfig, an
   * object such as client-node's `KubeConfig`, or a function that loads one (called again after a 401).
   * Absent: the usual places (`$KUBECONFIG`, `~/.kube/config`, the service account of the server's pod).
   * For embedding and tests; `process.env` need not be touched.
   */
  readonly kubeConfig?: string | KubeConfigLike | (() => KubeConfigLike);
}

/** Makes the adapter object that the Paperclip server registers under the type `claude_k8s`. */
export declare function createServerAdapter(options?: ServerAdapterOptions): ServerAdapterModule;
