export { type Clock, realClock, sleep, unlessAborted } from "./clock.ts";
export { KubeHttpError, type KubeHttpErrorCode, type KubeHttpErrorDetails } from "./errors.ts";
export { kubeHttp } from "./kube-http.ts";
export type {
  KubeAnswer,
  KubeConfigLike,
  KubeHttp,
  KubeHttpOptions,
  KubeOpen,
  KubeQuery,
  KubeRequest,
  KubeRetry,
  KubeStatus,
  KubeStream,
} from "./types.ts";
