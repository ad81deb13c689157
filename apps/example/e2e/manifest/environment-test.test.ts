// The test of the environment finds each blocker on a real cluster, within a minute, and leaves nothing.
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { describe } from "vitest";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { standalone } from "../../src/cluster/kubeconfig.ts";
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { clusterAddress, test } from "../cluster.ts";

interface Found {
  readonly status: string;
  readonly checks: readonly AdapterEnvironmentCheck[];
  readonly tookMs: number;
  readonly left: readonly string[];
}

async function tested(
  cluster: ClusterUnderTest,
  config: Readonly<Record<string, unknown>> = {},
  account?: ClusterUnderTest["kubeConfig"],
): Promise<Found> {
  const { namespace, image, http, signal } = cluster;
  const kubeConfig = account ?? (await cluster.runner()).kubeConfig;
  const adapter = createServerAdapter({ kubeConfig: standalone(kubeConfig) });
  const began = performance.now();
  const { status, checks } = await adapter.testEnvironment({
    companyId: "example",
    adapterType: "claude_k8s",
    config: {
      namespace,
      image,
      env: { ANTHROPIC_API_KEY: "sk-example", PAPERCLIP_API_URL: await clusterAddress(cluster) },
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "32Mi",
      ...config,
    },
  });
  const tookMs = performance.now() - began;
  const left = await leftBehind(http, { namespace, withinMs: 10_000, signal });
  return { status, checks, tookMs, left };
}

test("a namespace with everything passes: version, address and log were tried in a pod", async ({
  cluster,
  expect,
}) => {
  const { status, checks, tookMs, left } = await tested(cluster);
  const said = checks.map(({ message }) => message).join("\n");
  expect(checks.filter(({ level }) => level !== "info")).toEqual([]);
  expect(said).toMatch(/has claude \d+\.\d+\.\d+/);
  expect(said).toContain("A pod reaches the server's API at http://");
  expect(said).toMatch(/log was followed live to its end/);
  expect(status).toBe("pass");
  expect(tookMs).toBeLessThan(60_000);
  expect(left).toEqual([]);
});

test("who may read the namespace is told its Pod Security level too", async ({
  cluster,
  expect,
}) => {
  const { status, checks, left } = await tested(cluster, {}, cluster.kubeConfig);
  const said = checks.map(({ message }) => message).join("\n");
  expect(said).toContain(`Pod Security of ${cluster.namespace} is restricted`);
  expect(said).toContain("May get nodes.");
  expect(status).toBe("pass");
  expect(left).toEqual([]);
});

describe("a blocker is named before a run, with what to do, and nothing is left", () => {
  test.for([
    [
      "an image that cannot be pulled",
      { image: "127.0.0.1:9/nowhere:1" },
      "image",
      /cannot be pulled/,
    ],
    [
      "no node that fits",
      { nodeSelector: { "example.com/none": "1" } },
      "job",
      /No node takes the pod/,
    ],
    ["a claim that is missing", { workspaceVolumeClaim: "none" }, "volume", /does not exist/],
    ["an account that is missing", { serviceAccountName: "none" }, "job", /none/],
    ["a priority that is missing", { priorityClassName: "none" }, "job", /none/],
    [
      "a request above the limit",
      { "resources.requests.cpu": "2", "resources.limits.cpu": "1" },
      "setting",
      /cpu/,
    ],
    ["an image that is not set", { image: "" }, "image", /image is not set/],
  ] as const)("%s", async ([, config, code, words], { cluster, expect }) => {
    const { checks, tookMs, left } = await tested(cluster, config);
    const errors = checks.filter(({ level }) => level === "error");
    expect(errors.map((check) => check.code)).toContain(`claude_k8s_${code}`);
    expect(errors.map(({ message }) => message).join("\n")).toMatch(words);
    expect(errors.every(({ hint }) => (hint ?? "") !== "")).toBe(true);
    expect(tookMs).toBeLessThan(60_000);
    expect(left).toEqual([]);
  });

  test("an address of the host that no pod reaches", async ({ cluster, expect }) => {
    const url = "http://192.0.2.1:3100";
    const env = { ANTHROPIC_API_KEY: "sk-example", PAPERCLIP_API_URL: url };
    const { status, checks, left } = await tested(cluster, { env });
    expect(checks.filter(({ level }) => level !== "info")).toEqual([
      expect.objectContaining({ code: "claude_k8s_host_url", level: "warn" }),
    ]);
    expect(status).toBe("warn");
    expect(left).toEqual([]);
  });

  test("a quota without room, by its status", async ({ cluster, expect }) => {
    const { http, namespace, signal } = cluster;
    const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
    const body = { metadata: { name: "small" }, spec: { hard: { "requests.memory": "16Mi" } } };
    await http.request({ method: "POST", path, body, signal });
    try {
      const isCounted = async (): Promise<boolean> => {
        const answer = await http.request<{ status?: { hard?: object } }>({
          method: "GET",
          path: `${path}/small`,
          signal,
        });
        return answer.kind === "ok" && Object.keys(answer.body.status?.hard ?? {}).length > 0;
      };
      await expect.poll(isCounted, { timeout: 20_000, interval: 200 }).toBe(true);
      const { checks, left } = await tested(cluster);
      expect(checks.find(({ level }) => level === "error")).toMatchObject({
        code: "claude_k8s_quota",
        message: expect.stringContaining("The quota small allows 16Mi of requests.memory"),
      });
      expect(left).toEqual([]);
    } finally {
      await http.request({ method: "DELETE", path: `${path}/small`, signal });
    }
  });
});
