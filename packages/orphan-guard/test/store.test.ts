import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createRun,
  type JobManifestLike,
  type JobStore,
  type KubeHttpLike,
  kubeJobStore,
} from "../src/index.ts";
import { bindings, type Cluster, startCluster } from "./clusters.ts";
import { manifests } from "./manifests.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const { signal } = new AbortController();

function suspended(job: JobManifestLike): JobManifestLike {
  return { ...job, spec: { ...job.spec, suspend: true } };
}

async function gone(store: JobStore, job: { namespace: string; name: string }): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if ((await store.read(job, signal)) === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, look < 20 ? 10 : 100));
  }
  throw new Error(`Job ${job.name} is still there`);
}

test("a creation that lost against another writer, as of a quota, is tried again", async () => {
  const { job } = manifests("agents");
  let posts = 0;
  const reason = "Conflict";
  const message = 'Operation cannot be fulfilled on resourcequotas "q"';
  const request = async ({ method }: { method: string }): Promise<unknown> => {
    if (method === "GET") return { kind: "not-found" };
    const isFirst = posts++ === 0;
    return isFirst
      ? { kind: "conflict", status: { reason, message } }
      : { kind: "ok", body: { metadata: { uid: "u" } } };
  };
  const store = kubeJobStore({ request } as KubeHttpLike);
  const options = { store, job, secrets: [], createId: "c", signal };
  expect(await createRun(options)).toMatchObject({ kind: "created", job: { uid: "u" } });
});

test.each<[call: string, ask: (store: JobStore) => Promise<unknown>]>([
  ["list Jobs in agents", (store) => store.list({ ...ref, labelSelector: "a=b", signal })],
  ["read Job j in agents", (store) => store.read(ref, signal)],
  ["patch Job j in agents", (store) => store.patchJob(ref, {}, signal)],
  ["patch Secret j in agents", (store) => store.patchSecret(ref, {}, signal)],
  ["delete Job j in agents", (store) => store.deleteJob(ref, signal)],
  ["delete Secret j in agents", (store) => store.deleteSecret(ref, signal)],
])("a refusal names what was asked for: %s", async (what, ask) => {
  const store = kubeJobStore({ request: async () => ({ kind: "invalid" }) });
  await expect(ask(store)).rejects.toThrow(`cannot ${what}: invalid`);
});

const ref = { namespace: "agents", name: "j" };

describe.each(bindings)("%s", (binding) => {
  test("creates, reads, lists, patches and deletes a Job", async () => {
    const store = cluster.stores[binding];
    const { job } = manifests(cluster.namespace);
    const { name, namespace } = job.metadata;

    const created = await store.createJob(suspended(job), signal);
    if (created.kind !== "created") throw new Error("the name was taken");
    expect(created.job).toMatchObject({ name, namespace, suspended: true, ended: undefined });
    expect(created.job.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Date.parse(created.job.creationTimestamp ?? "")).not.toBeNaN();

    expect(await store.createJob(suspended(job), signal)).toEqual({ kind: "exists" });
    expect(await store.read({ name, namespace }, signal)).toMatchObject({ uid: created.job.uid });
    const labelSelector = `orphan-guard-test=${name}`;
    const [listed, ...others] = await store.list({ namespace, labelSelector, signal });
    expect(listed).toMatchObject({ name, uid: created.job.uid });
    expect(others).toEqual([]);

    const patch = { metadata: { annotations: { "x.io/a": "b" } }, spec: { suspend: false } };
    const patched = await store.patchJob(created.job, patch, signal);
    expect(patched).toMatchObject({
      kind: "patched",
      job: { suspended: false, annotations: { "x.io/a": "b" } },
    });

    expect(await store.deleteJob({ name, namespace, uid: created.job.uid }, signal)).toEqual({
      kind: "accepted",
    });
    await gone(store, job.metadata);
    expect(await store.deleteJob({ name, namespace }, signal)).toEqual({ kind: "not-found" });
    expect(await store.patchJob({ name, namespace }, patch, signal)).toEqual({ kind: "not-found" });
  });

  test("never touches a Job of another uid or another version", async () => {
    const store = cluster.stores[binding];
    const { job } = manifests(cluster.namespace);
    const { name, namespace } = job.metadata;
    const created = await store.createJob(suspended(job), signal);
    if (created.kind !== "created") throw new Error("the name was taken");

    const another = { name, namespace, uid: "00000000-0000-4000-8000-000000000000" };
    const patch = { metadata: { annotations: { a: "b" } } };
    expect(await store.deleteJob(another, signal)).toEqual({ kind: "conflict" });
    expect(await store.patchJob(another, patch, signal)).toEqual({ kind: "conflict" });
    const stale = { metadata: { annotations: { a: "b" }, resourceVersion: "1" } };
    expect(await store.patchJob({ name, namespace }, stale, signal)).toEqual({ kind: "conflict" });
    expect(await store.deleteJob({ name, namespace, resourceVersion: "1" }, signal)).toEqual({
      kind: "conflict",
    });
    expect((await store.read({ name, namespace }, signal))?.annotations).not.toHaveProperty("a");

    await store.deleteJob({ name, namespace }, signal);
    await gone(store, job.metadata);
  });

  test("creates, patches and deletes a Secret", async () => {
    const store = cluster.stores[binding];
    const { secret } = manifests(cluster.namespace);
    expect(await store.createSecret(secret, signal)).toEqual({ kind: "created" });
    expect(await store.createSecret(secret, signal)).toEqual({ kind: "exists" });
    const patch = { metadata: { labels: { a: "b" } } };
    expect(await store.patchSecret(secret.metadata, patch, signal)).toEqual({ kind: "patched" });
    expect(await store.deleteSecret(secret.metadata, signal)).toEqual({ kind: "accepted" });
    expect(await store.deleteSecret(secret.metadata, signal)).toEqual({ kind: "not-found" });
    expect(await store.patchSecret(secret.metadata, patch, signal)).toEqual({ kind: "not-found" });
  });

  test("says why the API server refuses", async () => {
    const store = cluster.stores[binding];
    const { job, secret } = manifests("no-such-namespace");
    await expect(store.createJob(job, signal)).rejects.toThrow(/no-such-namespace/);
    await expect(store.createSecret(secret, signal)).rejects.toThrow(/no-such-namespace/);
    const invalid = {
      ...job,
      metadata: { ...job.metadata, namespace: cluster.namespace },
      spec: {},
    };
    await expect(store.createJob(invalid, signal)).rejects.toThrow(/template/);
  });

  test("asks nothing after an abort", async () => {
    const store = cluster.stores[binding];
    const { job } = manifests(cluster.namespace);
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(store.createJob(job, aborted)).rejects.toThrow("enough");
    expect(await store.read(job.metadata, signal)).toBeUndefined();
  });
});
