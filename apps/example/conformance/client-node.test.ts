// The same facts as the client most people use sees them.
import {
  ApiException,
  BatchV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Status,
  Watch,
} from "@kubernetes/client-node";
import { describe } from "vitest";
import { parsed } from "../src/json.ts";
import { test } from "./cluster.ts";
import { condition, isTerminated, jobOf, nameOf, newName } from "./job.ts";
import { eventually, jobWhen, podOf } from "./objects.ts";

/** The status of a refused call. */
async function refusal(call: Promise<unknown>): Promise<V1Status> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiException) return parsed<V1Status>(String(error.body));
    throw error;
  }
  throw new Error("expected a refusal");
}

describe.concurrent("client-node", () => {
  test("runs a Job, reads its log, deletes it", async ({ cluster, expect }) => {
    const { namespace, kubeConfig } = cluster;
    const batch = kubeConfig.makeApiClient(BatchV1Api);
    const core = kubeConfig.makeApiClient(CoreV1Api);
    const body = jobOf(cluster, "echo hello");
    const job = await batch.createNamespacedJob({ namespace, body });
    const name = job.metadata?.name ?? "";
    expect(job.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const ended = await jobWhen(cluster, name, (one) => condition(one, "Complete") !== undefined);
    expect(ended.metadata?.uid).toBe(job.metadata?.uid);
    const pods = await core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` });
    const pod = nameOf(pods.items[0] ?? {});
    expect(await core.readNamespacedPodLog({ namespace, name: pod })).toBe("hello\n");
    await batch.deleteNamespacedJob({
      namespace,
      name,
      body: { propagationPolicy: "Background", preconditions: { uid: job.metadata?.uid ?? "" } },
    });
    expect(await refusal(batch.readNamespacedJob({ namespace, name }))).toMatchObject({
      code: 404,
      reason: "NotFound",
    });
  });

  test("gets the server's own words when it is refused", async ({ cluster, expect }) => {
    const { namespace, kubeConfig } = cluster;
    const core = kubeConfig.makeApiClient(CoreV1Api);
    const name = newName("twice");
    const body = { metadata: { name } };
    await core.createNamespacedSecret({ namespace, body });
    expect(await refusal(core.createNamespacedSecret({ namespace, body }))).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
    });
  });

  test("patches in both manners", async ({ cluster, expect }) => {
    const { namespace, kubeConfig } = cluster;
    const core = kubeConfig.makeApiClient(CoreV1Api);
    const name = newName("patched");
    await core.createNamespacedSecret({
      namespace,
      body: { metadata: { name, annotations: { a: "1" } } },
    });
    const merged = await core.patchNamespacedSecret(
      { namespace, name, body: { metadata: { annotations: { b: "2" } } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    expect(merged.metadata?.annotations).toEqual({ a: "1", b: "2" });
    const patched = await core.patchNamespacedSecret(
      { namespace, name, body: [{ op: "remove", path: "/metadata/annotations/a" }] },
      setHeaderOptions("Content-Type", PatchStrategy.JsonPatch),
    );
    expect(patched.metadata?.annotations).toEqual({ b: "2" });
  });

  test("watches a Job from its beginning to its end", async ({ cluster, expect }) => {
    const { namespace, kubeConfig } = cluster;
    const batch = kubeConfig.makeApiClient(BatchV1Api);
    const name = newName("watched");
    const seen: string[] = [];
    const stop = await new Watch(kubeConfig).watch(
      `/apis/batch/v1/namespaces/${namespace}/jobs`,
      { fieldSelector: `metadata.name=${name}` },
      (type) => seen.push(type),
      () => undefined,
    );
    await batch.createNamespacedJob({ namespace, body: jobOf(cluster, "true", { name }) });
    await podOf(cluster, name, isTerminated);
    await batch.deleteNamespacedJob({ namespace, name, propagationPolicy: "Foreground" });
    await eventually(() => Promise.resolve(seen.includes("DELETED") || undefined));
    stop.abort();
    expect(seen[0]).toBe("ADDED");
    expect(seen.at(-1)).toBe("DELETED");
    expect(seen.slice(1, -1).every((type) => type === "MODIFIED")).toBe(true);
  });
});
