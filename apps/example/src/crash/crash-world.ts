import type { KubeHttp } from "@claude-k8s/kube-http";
import type { KubeConfig } from "@kubernetes/client-node";
import type { SupervisionTimes } from "../host-process/protocol.ts";
import type { Programs } from "./programs.ts";

/** A namespace for one agent alone, with what is seen of its programs. */
export interface CrashWorld extends AsyncDisposable {
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

/** What is the same for all rows of a matrix. */
export interface CrashSettings {
  /** Times the recorded speed. */
  readonly speed: number;
  readonly supervision: SupervisionTimes;
  /** How long the second process may take to its result, in ms. */
  readonly resultWithinMs: number;
  /** A world of its own for each row. */
  readonly open: () => Promise<CrashWorld>;
}
