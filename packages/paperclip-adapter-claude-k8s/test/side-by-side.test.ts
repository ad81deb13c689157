// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthyOutput } from "./support/transcript.ts";

const numbered = (runId: string) =>
  Array.from({ length: 30 }, (_, index) => `${runId} ${index}\n`).join("") + healthyOutput;

test(
  "a hundred agents at a time: each has its own output, over two watches",
  { timeout: 60_000 },
  async () => {
    await using emulator = await cluster(async ({ stdout, sleep, env }) => {
      for (const line of numbered(env["PAPERCLIP_RUN_ID"] ?? "").matchAll(/.*\n/g)) {
        stdout.write(line[0]);
        await sleep(5);
      }
      return 0;
    });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const config = { "resources.requests.cpu": "10m", "resources.requests.memory": "1Mi" };
    const hosts = Array.from({ length: 100 }, (_, index) =>
      fakeHost({ runId: `run-${index}`, agentId: `agent-${index}`, config }),
    );
    const results = await Promise.all(hosts.map(({ context }) => adapter.execute(context)));
    console.log(
      `${hosts.length} runs: ${Math.round(process.memoryUsage.rss() / 1e6)} MB, the emulator and the tests included`,
    );
    expect(results.map(({ errorMessage }) => errorMessage)).toEqual(hosts.map(() => null));
    expect(hosts.map((host) => host.output())).toEqual(
      hosts.map(({ context }) => numbered(context.runId)),
    );
    expect(emulator.requests.filter(({ verb }) => verb === "watch")).toHaveLength(2);
    expect(process.listenerCount("SIGTERM")).toBe(1); // Of the process, for its Lease.
    await expectNothingLeft(emulator);
  },
);

test(
  "runs that wait for their turn at a slow API server do not take that for its silence",
  { timeout: 60_000 },
  async () => {
    await using emulator = await cluster(async ({ stdout }) => {
      stdout.write(healthyOutput);
      return 0;
    });
    // The last of seven times sixteen has its answer after 7 s; the guard gives one question 5 s.
    const rule = {
      on: { verb: "list", resource: "jobs" },
      do: { kind: "delay", ms: 1_000 },
    } as const;
    emulator.faults.add(rule);
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const config = { "resources.requests.cpu": "10m", "resources.requests.memory": "1Mi" };
    const hosts = Array.from({ length: 112 }, (_, index) =>
      fakeHost({ runId: `run-${index}`, agentId: `agent-${index}`, config }),
    );
    const results = await Promise.all(hosts.map(({ context }) => adapter.execute(context)));
    expect(results.map(({ errorMessage }) => errorMessage)).toEqual(hosts.map(() => null));
    await expectNothingLeft(emulator);
  },
);

test.each<[what: string, given: (config: KubeConfig) => KubeConfig | (() => KubeConfig)]>([
  ["an object", (config) => config],
  ["a function", (config) => () => config],
])("without the setting, the namespace is that of the context: %s", async (_what, given) => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  const current = config.getCurrentContext();
  config.contexts = config.contexts.map((context) =>
    context.name === current ? { ...context, namespace: "runs" } : context,
  );
  const result = await createServerAdapter({ kubeConfig: given(config) }).execute(
    fakeHost({ config: { namespace: "" } }).context,
  );
  expect(result.errorMessage).toBeNull();
  expect(result.resultJson).toMatchObject({ kubernetes: { namespace: "runs" } });
});
