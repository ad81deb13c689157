// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { context, metrics, trace } from "@opentelemetry/api";
import * as newer from "@opentelemetry/api-newer";
import { expect, test } from "vitest";
import { createServerAdapter } from "../../src/index.ts";
import { fakeHost } from "../support/fake-host.ts";
import { cluster } from "../support/cluster.ts";
import { type HostApi, memorySdk } from "../support/telemetry.ts";
import { healthyOutput } from "../support/transcript.ts";

/** Where every copy of the API keeps what the process has registered. */
const registry = Symbol.for("opentelemetry.js.api.1");

const refused = fakeHost({ config: { busyWaitSec: -1 } });

test("without an SDK a run is as ever, and nothing is registered for anybody", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost();
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.execute(host.context);
  expect(result.errorMessage).toBeNull();
  expect(host.output()).toBe(healthyOutput);
  expect(JSON.stringify(result.resultJson)).not.toContain("telemetry");
  expect(registry in globalThis).toBe(false);
});

test("an SDK that is registered after the first run gets the next one, and nothing when it is gone", async () => {
  const adapter = createServerAdapter();
  await adapter.execute(refused.context);
  {
    await using sdk = memorySdk();
    await adapter.execute(refused.context);
    expect(sdk.spans().map(({ name }) => name)).toEqual(["claude_k8s.run"]);
    expect(await sdk.points("claude_k8s.runs")).toMatchObject([{ value: 1 }]);
  }
  await using other = memorySdk();
  await adapter.execute(refused.context);
  expect(other.spans()).toHaveLength(1);
  expect(await other.points("claude_k8s.runs")).toMatchObject([{ value: 1 }]);
});

test("a run that was begun without an SDK is not counted out with one", async () => {
  const adapter = createServerAdapter();
  const executed = adapter.execute(refused.context);
  await using sdk = memorySdk();
  await executed;
  expect(await sdk.points("claude_k8s.runs.active")).toEqual([]);
});

test("a host with another, newer copy of the API is seen", async () => {
  const copies: [HostApi, HostApi] = [{ trace, metrics, context }, newer];
  expect(copies[0].trace).not.toBe(copies[1].trace);
  // What is registered says by which version; it stays behind when an SDK is taken away.
  Reflect.deleteProperty(globalThis, registry);
  await using sdk = memorySdk(newer);
  expect(Reflect.get(globalThis, registry)).toMatchObject({
    version: expect.stringMatching(/^1\.10\./),
  });
  await createServerAdapter().execute(refused.context);
  expect(sdk.spans().map(({ name }) => name)).toEqual(["claude_k8s.run"]);
  expect(await sdk.points("claude_k8s.runs")).toMatchObject([
    { attributes: { error_code: "configuration_incomplete" }, value: 1 },
  ]);
});
