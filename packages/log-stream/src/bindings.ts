import type { KubeHttp } from "@claude-k8s/kube-http";
import type { ContainerState, FollowOptions, LogEvent, LogSource, LogTarget } from "./types.ts";

export declare function kubeLogSource(http: KubeHttp): LogSource;
export declare function podContainerState(http: KubeHttp, target: LogTarget): ContainerState;
export declare function followLog(options: FollowOptions): AsyncIterable<LogEvent>;
