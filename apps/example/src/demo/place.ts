import type { KubeHttp } from "@claude-k8s/kube-http";

/** Where the demo runs: the emulator, or a real cluster. */
export interface Place {
  /** For people. */
  readonly title: string;
  readonly kubeConfig: string;
  /** The demo's own connection, apart from the adapter's. */
  readonly http: KubeHttp;
  readonly namespace: string;
  /** Its `claude` is the replay. */
  readonly image: string;
  /** Removes what was made. Answers what still stood when patience ended. */
  close(): Promise<readonly string[]>;
}
