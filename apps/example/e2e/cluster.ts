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
