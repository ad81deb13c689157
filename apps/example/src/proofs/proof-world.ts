import type { KubeHttp } from "@claude-k8s/kube-http";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Programs } from "./programs.ts";

/** A namespace of its own, with what is seen of its programs. */
export interface ProofWorld extends AsyncDisposable {
  /** With the rights that a run has. */
  readonly kubeConfig: KubeConfig;
  /** For whoever looks on, with every right. */
  readonly http: KubeHttp;
  readonly namespace: string;
  /** Its `claude` is the replay. */
  readonly image: string;
  readonly programs: Programs;
  readonly signal: AbortSignal;
}
