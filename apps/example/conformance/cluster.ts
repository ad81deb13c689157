import type { KubeHttp } from "@claude-k8s/kube-http";
import type { KubeConfig } from "@kubernetes/client-node";
import { test as base, type TestAPI } from "vitest";
import { handOver } from "../src/e2e/hand-over.ts";
import { emulatedCluster } from "./emulated-cluster.ts";
import { realCluster } from "./real-cluster.ts";

/** Whoever starts and follows runs. */
export interface Runner {
  readonly kubeConfig: KubeConfig;
  readonly http: KubeHttp;
}

/** The emulator, or a real cluster when one was handed over: the tests must not care which. */
export interface ClusterUnderTest extends AsyncDisposable {
  readonly kubeConfig: KubeConfig;
  readonly http: KubeHttp;
  /** This file's own, empty at the start. */
  readonly namespace: string;
  /** Image with `sh`, `echo`, `printf` and `sleep`. */
  readonly image: string;
  readonly isEmulator: boolean;
  /** The size of a log file that makes it rotate, in bytes, when a test can reach it. */
  readonly rotatesAt: number | undefined;
  readonly signal: AbortSignal;
  /** A connection as somebody without any right. */
  stranger(): Promise<KubeHttp>;
  /**
   * Somebody with the rights of the documented Role in this namespace, and no other. The emulator knows no
   * rules; there it is everybody.
   */
  runner(): Promise<Runner>;
}

/** `test` with a cluster that all tests of a file share. */
export const test: TestAPI<{ cluster: ClusterUnderTest }> = base.extend<{
  cluster: ClusterUnderTest;
}>({
  cluster: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the wanted fixtures from the pattern
    async ({}, use) => {
      const given = handOver();
      await using cluster =
        given === undefined ? await emulatedCluster() : await realCluster(given);
      await use(cluster);
    },
    { scope: "file" },
  ],
});
