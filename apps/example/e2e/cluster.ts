import { test as base, type TestAPI } from "vitest";
import type { ClusterUnderTest } from "../conformance/cluster.ts";
import { realCluster } from "../conformance/real-cluster.ts";
import { handOver } from "../src/e2e/hand-over.ts";

/** `test` with a namespace on a real cluster that all tests of a file share. It admits only `restricted` pods. */
export const test: TestAPI<{ cluster: ClusterUnderTest }> = base.extend<{
  cluster: ClusterUnderTest;
}>({
  cluster: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the wanted fixtures from the pattern
    async ({}, use) => {
      const given = handOver();
      if (given === undefined) throw new Error("these tests need a cluster: run `pnpm e2e`");
      await using cluster = await realCluster(given, { isRestricted: true });
      await use(cluster);
    },
    { scope: "file" },
  ],
});

/**
 * An address that every pod of the cluster reaches and that answers plain HTTP, if only with a refusal: the API
 * server's own. It stands for a host's where there is none.
 */
export async function clusterAddress({ http, signal }: ClusterUnderTest): Promise<string> {
  const answer = await http.request<{ readonly spec: { readonly clusterIP: string } }>({
    method: "GET",
    path: "/api/v1/namespaces/default/services/kubernetes",
    signal,
  });
  if (answer.kind !== "ok")
    throw new Error(`the service kubernetes cannot be read: ${answer.kind}`);
  return `http://${answer.body.spec.clusterIP}:443`;
}
