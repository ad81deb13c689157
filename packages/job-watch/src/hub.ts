import type { KubeHttp } from "@claude-k8s/kube-http";
import type { JobWatcher, WatcherOptions } from "./types.ts";
export type JobHub = JobWatcher;
export type JobHubOptions = WatcherOptions & {
  readonly http: KubeHttp;
  readonly namespace: string;
  /** Selects Jobs and pods alike. */
  readonly labelSelector: string;
};
export declare function createJobHub(options: JobHubOptions): JobHub;
