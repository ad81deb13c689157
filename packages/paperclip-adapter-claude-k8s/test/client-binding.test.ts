import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, expectTypeOf, test } from "vitest";
import type { ClusterApis } from "../src/cluster/api-cluster.ts";
import { createExecutor } from "../src/executor.ts";
import { getBatchApi, getCoreApi, getLogApi } from "../src/server/k8s-client.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost, namespace } from "./support/fake-host.ts";
import { healthyOutput } from "./support/transcript.ts";

test("client-node's own classes fit the ports", () => {
  expectTypeOf(getBatchApi).returns.toExtend<ClusterApis["batch"]>();
  expectTypeOf(getCoreApi).returns.toExtend<ClusterApis["core"]>();
  expectTypeOf(getLogApi).returns.toExtend<ClusterApis["log"]>();
});

test("a whole run over client-node alone", { timeout: 20_000 }, async () => {
  const numbered = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(numbered + healthyOutput);
    return 0;
  });
  const file = path.join(await mkdtemp(path.join(tmpdir(), "kubeconfig-")), "config");
  await writeFile(file, emulator.kubeConfig);
  const executor = createExecutor({
    getBatchApi,
    getCoreApi,
    getLogApi,
    getSelfPodInfo: async () => ({ namespace }),
  });
  const host = fakeHost({ config: { kubeconfig: file } });
  const result = await executor.execute(host.context);
  expect(result.errorMessage).toBeNull();
  expect(host.output()).toBe(numbered + healthyOutput);
  await expectNothingLeft(emulator);
});
