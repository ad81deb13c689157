import type { KubeConfigLike, KubeHttp, KubeHttpOptions } from "./types.ts";

/**
 * Requests and streams to the API server that `config` names. Nothing is connected until the first call.
 * @param config a factory is called once at first use and again after a 401
 */
export declare function kubeHttp(
  config: KubeConfigLike | (() => KubeConfigLike),
  options?: KubeHttpOptions,
): KubeHttp;
