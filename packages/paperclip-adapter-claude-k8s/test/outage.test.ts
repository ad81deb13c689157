// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { shakyNetwork } from "./support/shaky-network.ts";
import { healthyOutput } from "./support/transcript.ts";

const numbered = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);

test("a kubelet that restarts costs no line", { timeout: 20_000 }, async () => {
  const middle = Promise.withResolvers<void>();
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    for (const [index, line] of numbered.entries()) {
      stdout.write(line);
      if (index === 20) middle.resolve();
      await sleep(15);
    }
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost();
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await middle.promise;
  await emulator.node.restartKubelet({ downMs: 200, unknownMs: 100 });
  expect((await executed).errorMessage).toBeNull();
  expect(host.output()).toBe(numbered.join("") + healthyOutput);
  await expectNothingLeft(emulator);
});

test.each<[when: string, at: number]>([
  ["while the program runs", 20],
  ["as the program ends", 59],
])(
  "an API server that is away %s costs neither a line nor the result",
  { timeout: 30_000 },
  async (_when, at) => {
    const moment = Promise.withResolvers<void>();
    await using emulator = await cluster(async ({ stdout, sleep }) => {
      for (const [index, line] of numbered.entries()) {
        stdout.write(line);
        if (index === at) moment.resolve();
        await sleep(10);
      }
      stdout.write(healthyOutput);
      return 0;
    });
    await using network = await shakyNetwork(emulator.url);
    const host = fakeHost();
    const kubeConfig = emulator.kubeConfig.replaceAll(emulator.url, network.url);
    const executed = createServerAdapter({ kubeConfig }).execute(host.context);
    await moment.promise;
    await network.away(1_500);
    const result = await executed;
    expect(result.errorMessage).toBeNull();
    expect(result.exitCode).toBe(0);
    expect(host.output()).toBe(numbered.join("") + healthyOutput);
    await expectNothingLeft(emulator);
  },
);
