// What a person got wrong is named, within seconds, and nothing is left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { describe, vi } from "vitest";
import { standalone } from "../src/cluster/kubeconfig.ts";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { createHost } from "../src/host/host.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const seconds = 15_000;

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
    // Whoever has rights in one namespace is only told that they have none in another.
    const kubeConfig = standalone(cluster.kubeConfig);
    const { result, tookMs, left } = await runAgent(cluster, { kubeConfig, config: { namespace } });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain(namespace);
    expect(tookMs).toBeLessThan(seconds);
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
    const kubeConfig = standalone((await cluster.runner()).kubeConfig, {
      server: "https://127.0.0.1:1",
    });
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

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
