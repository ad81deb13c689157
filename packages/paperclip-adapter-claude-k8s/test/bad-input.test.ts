import { afterEach, expect, test, vi } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthyOutput } from "./support/transcript.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const answering = () =>
  cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });

test.each<[what: string, options: Parameters<typeof fakeHost>[0], code: string, named: string]>([
  [
    "an empty prompt",
    { config: { promptTemplate: "  " }, context: {} },
    "configuration_incomplete",
    "prompt is empty",
  ],
  [
    "a namespace that does not exist",
    { config: { namespace: "nowhere" } },
    "configuration_incomplete",
    "nowhere",
  ],
  ["no image", { config: { image: "" } }, "configuration_incomplete", "image is not set"],
  [
    "settings that are wrong",
    { config: { timeoutSec: "soon", namespace: "A_b" } },
    "configuration_incomplete",
    "timeoutSec must be",
  ],
  ["an agent id without letters", { agentId: "@@@" }, "k8s_agent_id_invalid", "@@@"],
])("%s: named, and nothing is left", async (_what, options, code, named) => {
  await using emulator = await answering();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    fakeHost(options).context,
  );
  expect(result.errorCode).toBe(code);
  expect(result.errorMessage).toContain(named);
  expect(result.executionRecovery).toEqual({ kind: "bootstrap", providerWorkStarted: false });
  await expectNothingLeft(emulator);
});

test.each<
  [what: string, rule: { verb: string; resource: string; subresource?: string }, named: string]
>([
  ["list Jobs", { verb: "list", resource: "jobs" }, "list jobs"],
  ["create Jobs", { verb: "create", resource: "jobs" }, "create jobs"],
  ["create Secrets", { verb: "create", resource: "secrets" }, "create secrets"],
  ["read logs", { verb: "get", resource: "pods", subresource: "log" }, "pods/log"],
  ["list pods", { verb: "list", resource: "pods" }, "list pods"],
])("without the right to %s: named, and nothing is left", async (_what, rule, named) => {
  await using emulator = await answering();
  const denied = emulator.deny(rule);
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    fakeHost().context,
  );
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain(named);
  denied[Symbol.dispose]();
  await expectNothingLeft(emulator);
});

test("an image that cannot be pulled fails within its grace", async () => {
  await using emulator = await answering();
  const host = fakeHost({ config: { image: "registry.invalid/agent:none", imagePullGraceSec: 1 } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorCode).toBe("k8s_pod_schedule_failed");
  expect(result.errorMessage).toContain("image pull");
  expect(result.errorMessage).toContain("registry.invalid/agent:none");
  expect(result.errorFamily).toBe("transient_upstream");
  await expectNothingLeft(emulator);
});

test("a pod that fits no node fails at once", async () => {
  await using emulator = await answering();
  const host = fakeHost({ config: { nodeSelector: { disk: "none" } } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorCode).toBe("k8s_pod_schedule_failed");
  expect(result.errorMessage).toContain("unschedulable");
  await expectNothingLeft(emulator);
});

test(
  "a server that cannot be reached is named within ten seconds",
  { timeout: 15_000 },
  async () => {
    const kubeConfig = (await closedEmulator()).kubeConfig;
    const before = performance.now();
    const result = await createServerAdapter({ kubeConfig }).execute(fakeHost().context);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(result.errorCode).toBe("k8s_concurrency_guard_unreachable");
    expect(result.errorMessage).toContain("127.0.0.1");
    expect(result.errorFamily).toBe("transient_upstream");
  },
);

test("no kubeconfig anywhere is named", async () => {
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("HOME", "/nowhere");
  const result = await createServerAdapter().execute(fakeHost().context);
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain("no kubeconfig");
  expect(result.resultJson).toMatchObject({
    configurationIncomplete: { reason: expect.any(String) },
  });
});

test("a kubeconfig file that does not exist is named", async () => {
  const host = fakeHost({ config: { kubeconfig: "/nowhere/kubeconfig" } });
  const result = await createServerAdapter().execute(host.context);
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain("/nowhere/kubeconfig");
});

async function closedEmulator(): Promise<{ kubeConfig: string }> {
  await using emulator = await answering();
  return { kubeConfig: emulator.kubeConfig };
}

test("without the right to patch Jobs a run still works, and nothing is left", async () => {
  await using emulator = await answering();
  const denied = emulator.deny({ verb: "patch", resource: "jobs" });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.execute(fakeHost().context);
  expect(result.errorMessage).toBeNull();
  denied[Symbol.dispose]();
  await expectNothingLeft(emulator);
});

test("without the right to delete Jobs the result is right, and what is left is named", async () => {
  await using emulator = await answering();
  const denied = emulator.deny({ verb: "delete", resource: "jobs" });
  const host = fakeHost();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorMessage).toBeNull();
  expect(host.chunks.map(({ text }) => text).join("")).toMatch(/the Job \S+ was left behind/);
  expect(denied).toBeDefined();
});

test("a stop while the image is being pulled leaves nothing", async () => {
  await using emulator = await answering();
  const host = fakeHost({ config: { image: "registry.invalid/agent:none" } });
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await expect
    .poll(() => host.chunks.some(({ text }) => text.includes("cannot start yet")))
    .toBe(true);
  host.cancel();
  const result = await executed;
  expect(result).toMatchObject({
    errorCode: "cancelled",
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    resultJson: { executionCancellation: { state: "acknowledged" } },
  });
  await expectNothingLeft(emulator);
});
