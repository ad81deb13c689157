// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../../src/index.ts";
import { resetCache } from "../../src/server/k8s-client.ts";
import { cluster } from "../support/cluster.ts";
import { fakeHost } from "../support/fake-host.ts";
import { memorySdk } from "../support/telemetry.ts";
import { healthy, healthyOutput } from "../support/transcript.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { twoParts } from "../support/two-parts.ts";

/** A busy machine takes its time. */
const patient = { timeout: 20_000 };

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");
}

test("a log connection that is cut is counted while the run goes on, and shows in its span", async () => {
  await using sdk = memorySdk();
  const { program, middle, goOn } = twoParts(lines(0, 5), healthyOutput);
  await using emulator = await cluster(program);
  const host = fakeHost();
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await middle;
  await expect.poll(() => host.output(), patient).toContain("line 4");
  expect(emulator.node.cutLogStreams("reset")).toBe(1);
  const reconnects = async () => (await sdk.points("claude_k8s.log.reconnects"))[0]?.value;
  await expect.poll(reconnects, patient).toBe(1);
  goOn();
  expect((await executed).errorMessage).toBeNull();
  expect(host.output()).toBe(lines(0, 5) + healthyOutput);
  expect(await reconnects()).toBe(1);
  expect(await sdk.points("claude_k8s.log.gaps")).toEqual([]);
  const run = sdk.spans().find(({ name }) => name === "claude_k8s.run");
  expect(run?.events).toMatchObject([{ name: "claude_k8s.log.reconnect" }]);
});

test("lines that were rotated away while the connection was down are a gap that is counted", async () => {
  await using sdk = memorySdk();
  const { program, middle, goOn } = twoParts(lines(0, 5), healthyOutput, (write) => {
    // Nobody reads while this goes on: it is done before the next connection.
    emulator.node.cutLogStreams("reset");
    write(lines(5, 10));
    emulator.node.rotateLogs();
    write(lines(10, 15));
    emulator.node.rotateLogs();
  });
  await using emulator = await cluster(program);
  const host = fakeHost();
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await middle;
  await expect.poll(() => host.output(), patient).toContain("line 4");
  goOn();
  await executed;
  expect(host.output()).toBe(lines(0, 5) + healthyOutput);
  expect(await sdk.points("claude_k8s.log.gaps")).toEqual([
    {
      name: "claude_k8s.log.gaps",
      unit: "{gap}",
      attributes: { certainty: "possible" },
      value: 1,
    },
  ]);
  const run = sdk.spans().find(({ name }) => name === "claude_k8s.run");
  expect(run?.events.map(({ name, attributes }) => ({ name, attributes }))).toContainEqual({
    name: "claude_k8s.log.gap",
    attributes: { certainty: "possible" },
  });
});

test.each(["a given kubeconfig", "the setting kubeconfig"])(
  "a request that is sent again is counted, with why: by %s",
  async (how) => {
    await using sdk = memorySdk();
    await using emulator = await cluster(async ({ stdout }) => {
      stdout.write(`${healthy.join("\n")}\n`);
      return 0;
    });
    emulator.faults.add({
      on: { verb: "create", resource: "jobs" },
      do: { kind: "status", status: 429, retryAfterSeconds: 0 },
      times: 2,
    });
    emulator.faults.add({
      on: { verb: "list", resource: "jobs" },
      do: { kind: "cut", how: "reset", afterBytes: 0 },
      times: 1,
    });
    const isGiven = how === "a given kubeconfig";
    const adapter = createServerAdapter(isGiven ? { kubeConfig: emulator.kubeConfig } : {});
    const kubeconfig = await writeKubeconfig(emulator);
    const result = await adapter.execute(
      fakeHost({ config: isGiven ? {} : { kubeconfig } }).context,
    );
    resetCache();
    expect(result.errorMessage).toBeNull();
    const retries = await sdk.points("claude_k8s.api.retries");
    expect(retries.map(({ attributes, value }) => ({ attributes, value }))).toEqual(
      expect.arrayContaining([
        { attributes: { reason: "KUBE_OVERLOADED", status: 429 }, value: 2 },
        { attributes: { reason: "KUBE_UNREACHABLE" }, value: 1 },
      ]),
    );
    expect(retries).toHaveLength(2);
  },
);
