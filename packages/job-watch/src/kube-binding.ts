import type { KubeHttp } from "@claude-k8s/kube-http";
import type { JobControl, JobReader } from "./ports.ts";
export declare function kubeJobReader(http: KubeHttp): JobReader;
export declare function kubeJobControl(http: KubeHttp): JobControl;
