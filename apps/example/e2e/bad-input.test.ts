// What a person got wrong is named, within seconds, and nothing is left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permissions } from "@claude-k8s/k8s-job-manifest";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { describe, vi } from "vitest";
import { createAccount, type Rule } from "../src/cluster/account.ts";
import { standalone } from "../src/cluster/kubeconfig.ts";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { createHost } from "../src/host/host.ts";
import type { ClusterUnderTest } from "../conformance/cluster.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const seconds = 15_000;

/** A kubeconfig for an account with these rights and no other. */
async function accountWith(
  cluster: ClusterUnderTest,
  name: string,
  rules: readonly Rule[],
): Promise<string> {
  const { http, namespace, signal, kubeConfig } = cluster;
  const token = await createAccount(http, { namespace, name, rules, signal });
  return standalone(kubeConfig, { token });
}

/** All that the Role of the documentation gives, without one right. */
function allBut(resource: string, verb: string): readonly Rule[] {
  return permissions.map((rule) => ({
    apiGroups: rule.apiGroups,
    resources: rule.resources,
    verbs: rule.resources.includes(resource)
      ? rule.verbs.filter((each) => each !== verb)
      : rule.verbs,
  }));
}

const admitted = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ verbs }) => verbs.length > 0);

describe.concurrent("a clear result for", () => {
  test("an image that cannot be pulled, within its grace", async ({ cluster, expect }) => {
    const image = "nobody.invalid/agent:none";
    const { result, left, tookMs } = await runAgent(cluster, {
      config: { image, imagePullGraceSec: 5 },
    });
    expect(result.errorCode).toBe("k8s_pod_schedule_failed");
    expect(result.errorMessage).toContain(image);
    expect(tookMs).toBeLessThan(5_000 + 2 * seconds);
    expect(left).toEqual([]);
  });

  test("a namespace that does not exist", async ({ cluster, expect }) => {
    const namespace = "claude-k8s-nowhere";
    const { result, tookMs, left } = await runAgent(cluster, { config: { namespace } });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain(namespace);
    expect(tookMs).toBeLessThan(seconds);
    expect(left).toEqual([]);
  });

  test.for([
    ["jobs", "create"],
    ["jobs", "list"],
    ["secrets", "create"],
    ["pods/log", "get"],
  ] as const)("a missing right: %s, %s", async ([resource, verb], { cluster, expect }) => {
    const name = `without-${verb}-${resource.replace("/", "-")}`;
    const kubeConfig = await accountWith(cluster, name, admitted(allBut(resource, verb)));
    const { result, left, tookMs } = await runAgent(cluster, { kubeConfig });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain(verb);
    expect(result.errorMessage).toContain(resource);
    expect(tookMs).toBeLessThan(2 * seconds);
    expect(left).toEqual([]);
  });

  test("an empty prompt", async ({ cluster, expect }) => {
    const { result, left, tookMs } = await runAgent(cluster, { config: { promptTemplate: "  " } });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain("prompt is empty");
    expect(tookMs).toBeLessThan(seconds);
    expect(left).toEqual([]);
  });

  test("a server that cannot be reached", async ({ cluster, expect }) => {
    const kubeConfig = standalone(cluster.kubeConfig, { server: "https://127.0.0.1:1" });
    const { result, tookMs } = await runAgent(cluster, { kubeConfig });
    expect(result.errorCode).toBe("k8s_concurrency_guard_unreachable");
    expect(result.errorMessage).toContain("127.0.0.1:1");
    expect(tookMs).toBeLessThan(seconds);
  });
});

test("no kubeconfig is named", async ({ cluster, expect }) => {
  const home = await mkdtemp(join(tmpdir(), "claude-k8s-home-"));
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("HOME", home);
  try {
    const host = createHost({
      runId: "run",
      agentId: "agent",
      config: { namespace: cluster.namespace, image: cluster.image, promptTemplate: "Hello" },
      signal: cluster.signal,
    });
    const result = await createServerAdapter().execute(host.context);
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain("no kubeconfig");
  } finally {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  }
});

test("the rights of the documented Role are enough", async ({ cluster, expect }) => {
  const kubeConfig = await accountWith(cluster, "with-all", permissions);
  const { result, left } = await runAgent(cluster, { kubeConfig });
  expect(result.errorMessage).toBeNull();
  expect(left).toEqual([]);
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
