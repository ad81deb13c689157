import type { KubeConfigLike } from "@claude-k8s/kube-http";

/** Requests that were prepared through `config` so far: credentials are asked for anew before each. */
export interface Counting {
  readonly config: KubeConfigLike;
  requests(): number;
}

/** Counts the requests of whoever uses the configuration, on any cluster and without a proxy. */
export function counting(config: KubeConfigLike): Counting {
  let requests = 0;
  return {
    requests: () => requests,
    config: {
      getCurrentCluster: () => config.getCurrentCluster(),
      applyToHTTPSOptions(options) {
        requests += 1;
        return config.applyToHTTPSOptions(options);
      },
    },
  };
}
