import type { RequestOptions } from "node:https";

/**
 * A kubeconfig as an object: the two members of `@kubernetes/client-node`'s `KubeConfig` that are used, 1.x and
 * 2.x. Written out here, for the declarations of this package name no other of this repository.
 */
export interface KubeConfigLike {
  /** The cluster of the current context; `null` when there is none. */
  getCurrentCluster(): {
    readonly server: string;
    readonly proxyUrl?: string | undefined;
  } | null;
  /** Adds TLS material and credentials. Called anew for every request, so tokens stay fresh. */
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}
