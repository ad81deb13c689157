// A Job that is stopped is gone, or what is left of it is named.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { kubeJobControl, stopJob, type StopOutcome } from "@claude-k8s/job-watch";
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "../../conformance/cluster.ts";
import { isRunning, type JobParts, nameOf, runJob } from "../../conformance/job.ts";
import { get, list, patch, podOf } from "../../conformance/objects.ts";

const deaf = "trap '' TERM; while :; do sleep 0.1; done";
const program = new URL("stop-once.ts", import.meta.url).pathname;

async function started(
  cluster: ClusterUnderTest,
  script: string,
  parts: JobParts = {},
): Promise<{ readonly namespace: string; readonly name: string; readonly uid: string }> {
  const job = await runJob(cluster, script, {
    name: `stop-${randomBytes(3).toString("hex")}`,
    ...parts,
  });
  return { namespace: cluster.namespace, ...job };
}

function stop(
  { http, signal }: ClusterUnderTest,
  job: { namespace: string; name: string; uid: string },
  graceMs = 40_000,
): Promise<StopOutcome> {
  return stopJob({ jobs: kubeJobControl(http), job, graceMs, signal });
}

async function isGone(cluster: ClusterUnderTest, name: string): Promise<boolean> {
  const job = await get(cluster, "jobs", name);
  const pods = await list(cluster, "pods", { labelSelector: `job-name=${name}` });
  return job.kind === "not-found" && pods.items.length === 0;
}

describe.concurrent("stop: a Job", () => {
  test("stop: whose program ignores SIGTERM", async ({ cluster, expect }) => {
    const job = await started(cluster, deaf);
    await podOf(cluster, job.name, isRunning);
    expect(await stop(cluster, job)).toEqual({ kind: "gone", forced: false });
    expect(await isGone(cluster, job.name)).toBe(true);
  });

  test("stop: whose pod has no node", async ({ cluster, expect }) => {
    const job = await started(cluster, "true", { pod: { nodeSelector: { nobody: "here" } } });
    await podOf(cluster, job.name);
    expect(await stop(cluster, job)).toEqual({ kind: "gone", forced: false });
    expect(await isGone(cluster, job.name)).toBe(true);
  });

  test("stop: whose pod somebody's finalizer keeps", async ({ cluster, expect }) => {
    const job = await started(cluster, deaf);
    const pod = await podOf(cluster, job.name, isRunning);
    const finalizers = [...(pod.metadata?.finalizers ?? []), "example.com/keeps"];
    await patch(cluster, ["pods", nameOf(pod)], { metadata: { finalizers } });
    const left = await stop(cluster, job, 15_000);
    expect(left).toEqual({ kind: "left", what: expect.stringContaining("example.com/keeps") });
    await patch(cluster, ["pods", nameOf(pod)], { metadata: { finalizers: null } });
    expect(await stop(cluster, job)).toMatchObject({ kind: "gone" });
  });

  test("stop: that was deleted without its pods", async ({ cluster, expect }) => {
    const job = await started(cluster, deaf);
    await podOf(cluster, job.name, isRunning);
    await cluster.http.request({
      method: "DELETE",
      path: `/apis/batch/v1/namespaces/${job.namespace}/jobs/${job.name}`,
      body: { propagationPolicy: "Orphan" },
      signal: cluster.signal,
    });
    expect(await stop(cluster, job)).toMatchObject({ kind: "gone" });
    expect(await isGone(cluster, job.name)).toBe(true);
  });

  test("stop: by two processes at once", async ({ cluster, expect }) => {
    const job = await started(cluster, deaf);
    await podOf(cluster, job.name, isRunning);
    const run = async (): Promise<unknown> => {
      const args = ["--conditions=@claude-k8s/source", program, JSON.stringify(job)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout);
    };
    expect(await Promise.all([run(), run()])).toEqual([
      { kind: "gone", forced: false },
      { kind: "gone", forced: false },
    ]);
  });
});
