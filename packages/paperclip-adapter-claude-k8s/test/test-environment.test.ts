import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster } from "./support/cluster.ts";
import { namespace } from "./support/fake-host.ts";

const context = (config: Record<string, unknown>) => ({
  companyId: "c",
  adapterType: "claude_k8s",
  config,
});

test("a cluster that has everything passes", async () => {
  await using emulator = await cluster(async () => 0);
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.testEnvironment(context({ namespace }));
  expect(result.checks.filter(({ level }) => level !== "info")).toEqual([]);
  expect(result.status).toBe("pass");
});

test("a missing right is named, with what it is for and what to do", async () => {
  await using emulator = await cluster(async () => 0);
  using denied = emulator.deny({ verb: "create", resource: "secrets" });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.testEnvironment(context({ namespace }));
  expect(denied).toBeDefined();
  expect(result.status).toBe("fail");
  const found = result.checks.filter(({ level }) => level === "error");
  expect(found.map(({ message }) => message).join()).toContain("May not create secrets in runs");
  expect(found[0]?.hint).toContain("Grant");
});

test("a namespace that does not exist is named", async () => {
  await using emulator = await cluster(async () => 0);
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.testEnvironment(context({ namespace: "nowhere" }));
  expect(result.status).toBe("fail");
  expect(JSON.stringify(result.checks)).toContain("kubectl create namespace nowhere");
});

test("wrong settings and a kubeconfig that is not there are findings, not faults", async () => {
  const result = await createServerAdapter().testEnvironment(
    context({ timeoutSec: "x", kubeconfig: "/nowhere/config" }),
  );
  expect(result.status).toBe("fail");
  const codes = result.checks.map(({ code }) => code);
  expect(codes).toEqual(["claude_k8s_setting", "claude_k8s_kubeconfig"]);
});
