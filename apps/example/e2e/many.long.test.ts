// Many runs at once in one process share what runs can share.
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { randomUUID } from "node:crypto";
import { countingProxy } from "../src/cluster/counting-proxy.ts";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { createHost } from "../src/host/host.ts";
import { replayConfig } from "../src/host/replay-config.ts";
import { test } from "./cluster.ts";

const many = 30;

test(`${many} runs at a time: all right, over two watches, and nothing is left`, async ({
  cluster,
  expect,
}) => {
  const { namespace, image, http, signal } = cluster;
  await using proxy = await countingProxy((await cluster.runner()).kubeConfig);
  const adapter = createServerAdapter({ kubeConfig: proxy.kubeConfig });
  const hosts = Array.from({ length: many }, () =>
    createHost({
      runId: randomUUID(),
      agentId: randomUUID(),
      signal,
      config: {
        namespace,
        image,
        unschedulableWaitSec: 120,
        "resources.requests.cpu": "10m",
        "resources.requests.memory": "16Mi",
        promptTemplate: "Do it.",
        // Long enough that all of them are there at the same time.
        ...replayConfig({ scenario: "ticks:12", speed: 1 }),
      },
    }),
  );
  const results = await Promise.all(hosts.map(({ context }) => adapter.execute(context)));
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  console.log(`${many} runs at a time: ${rss} MB in the tests' process`, [...proxy.counts]);
  expect(results.map(({ errorMessage }) => errorMessage)).toEqual(hosts.map(() => null));
  expect(results.map(({ summary }) => summary)).toEqual(hosts.map(() => "12 lines."));
  expect(hosts.map((host) => host.output().split("\n").length - 1)).toEqual(hosts.map(() => 12));
  expect(proxy.counts.get("WATCH jobs")).toBe(1);
  expect(proxy.counts.get("WATCH pods")).toBe(1);
  expect(await leftBehind(http, { namespace, withinMs: 60_000, signal })).toEqual([]);
});
