// What the cluster refuses, and takes, and what the host is told of it. One after the other: a quota is of a namespace.
import type { KubeRequest } from "@claude-k8s/kube-http";
import { describe } from "vitest";
import type { ClusterUnderTest } from "../conformance/cluster.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

/** Work under a quota of the namespace. `release` takes it away before the end. */
async function underQuota<T>(
  { http, namespace, signal }: ClusterUnderTest,
  hard: object,
  work: (release: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const send = async (request: Pick<KubeRequest, "method" | "path" | "body">): Promise<void> => {
    await http.request({ ...request, signal });
  };
  const release = (): Promise<void> => send({ method: "DELETE", path: `${path}/small` });
  await send({ method: "POST", path, body: { metadata: { name: "small" }, spec: { hard } } });
  try {
    await untilCounted(http, `${path}/small`, signal);
    return await work(release);
  } finally {
    await release();
  }
}

/** A quota that its controller has not counted yet holds for nobody. */
async function untilCounted(
  http: ClusterUnderTest["http"],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answer = await http.request<{ status?: { hard?: object } }>({
      method: "GET",
      path,
      signal,
    });
    if (answer.kind === "ok" && answer.body.status?.hard !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${path} was not counted`);
}

describe("what the cluster does not take:", () => {
  test("a quota that takes no Job is named, and the run may begin again", async ({
    cluster,
    expect,
  }) => {
    const { result, left } = await underQuota(cluster, { "count/jobs.batch": "0" }, () =>
      runAgent(cluster),
    );
    expect([result.errorCode, result.errorFamily]).toEqual([
      "k8s_job_create_failed",
      "transient_upstream",
    ]);
    expect(result.errorMessage).toMatch(/exceeded quota: small.*count\/jobs\.batch/);
    expect(result.executionRecovery).toMatchObject({ kind: "bootstrap" });
    expect(left).toEqual([]);
  });

  test("a quota that takes no pod is waited for in its own words, and the run goes on", async ({
    cluster,
    expect,
  }) => {
    const { host, result, left } = await underQuota(cluster, { pods: "0" }, (release) => {
      let released: Promise<void> | undefined;
      return runAgent(cluster, {
        listener: {
          note: (text) => void (/exceeded quota: small/.test(text) && (released ??= release())),
        },
      });
    });
    expect(host.said.join("\n")).toMatch(/FailedCreate: .*exceeded quota: small/);
    expect(result.errorMessage).toBeNull();
    expect(left).toEqual([]);
  });

  test.for<[what: string, config: Record<string, unknown>, cause: string, says: RegExp]>([
    [
      "a runtime class that is not there",
      { runtimeClassName: "none" },
      "admission",
      /RuntimeClass "none" not found/,
    ],
    [
      "a service account that is not there",
      { serviceAccountName: "nobody" },
      "config",
      /serviceaccount "nobody" not found/,
    ],
    [
      "an image that is never pulled",
      { image: "nobody.invalid/agent:none", imagePullPolicy: "Never", imagePullGraceSec: 0 },
      "image",
      /ErrImageNeverPull.*nobody\.invalid\/agent:none/,
    ],
  ])("%s", { timeout: 120_000 }, async ([, config, cause, says], { cluster, expect }) => {
    const { result, left } = await runAgent(cluster, { config });
    expect([result.errorCode, result.errorMessage]).toEqual([
      "k8s_pod_schedule_failed",
      expect.stringMatching(says),
    ]);
    expect(result.resultJson).toMatchObject({ kubernetes: { cause } });
    expect(result.executionRecovery).toMatchObject({ kind: "bootstrap" });
    expect(left).toEqual([]);
  });

  test("more memory than its limit: the limit, and what to do", async ({ cluster, expect }) => {
    const { result, left } = await runAgent(cluster, {
      scenario: "big-line:250000000",
      config: { "resources.limits.memory": "96Mi" },
    });
    expect([result.errorCode, result.exitCode]).toEqual(["k8s_oom_killed", 137]);
    expect(result.errorMessage).toMatch(/limit 96Mi.*resources\.limits\.memory/);
    expect(left).toEqual([]);
  });
});
