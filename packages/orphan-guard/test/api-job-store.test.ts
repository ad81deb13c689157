import type { BatchV1Api, CoreV1Api, V1Job } from "@kubernetes/client-node";
import type * as one from "@kubernetes/client-node-1";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  apiJobStore,
  type BatchApiLike,
  type CoreApiLike,
  createRun,
  type JobLike,
} from "../src/index.ts";

const { signal } = new AbortController();
const where = { namespace: "agents", name: "j" };
const job = { metadata: where, spec: {} };
const secret = { metadata: { namespace: "agents", name: "j-input" } };

/** Client objects whose answers say little: no metadata in what is read, nothing after a write. */
function terse(changes: Partial<BatchApiLike & CoreApiLike> = {}): {
  readonly store: ReturnType<typeof apiJobStore>;
  readonly sent: unknown[];
} {
  const sent: unknown[] = [];
  const nothing = async (request: unknown) => void sent.push(request);
  const apis = {
    listNamespacedJob: async () => ({ items: [] }),
    createNamespacedJob: async () => ({ metadata: { uid: "u-1" } }),
    readNamespacedJob: async () => ({ status: { conditions: [] } }),
    patchNamespacedJob: nothing,
    deleteNamespacedJob: nothing,
    createNamespacedSecret: nothing,
    patchNamespacedSecret: nothing,
    deleteNamespacedSecret: nothing,
    ...changes,
  };
  return { store: apiJobStore({ batch: apis, core: apis }), sent };
}

test("client-node's APIs and Job fit", () => {
  expectTypeOf<BatchV1Api>().toExtend<BatchApiLike>();
  expectTypeOf<CoreV1Api>().toExtend<CoreApiLike>();
  expectTypeOf<V1Job>().toExtend<JobLike>();
  expectTypeOf<one.BatchV1Api>().toExtend<BatchApiLike>();
  expectTypeOf<one.CoreV1Api>().toExtend<CoreApiLike>();
  expectTypeOf<one.V1Job>().toExtend<JobLike>();
});

describe("what an answer does not say is unknown", () => {
  test("a Job that is read has the name it was asked by, and no uid", async () => {
    expect(await terse().store.read(where, signal)).toEqual({
      ...where,
      labels: {},
      annotations: {},
      suspended: false,
      readyPods: 0,
      terminatingPods: 0,
      ended: undefined,
    });
  });

  test.each([
    ["uid and nothing else", { metadata: { uid: "u-1" } }, { uid: "u-1" }],
    ["nothing", undefined, {}],
  ])("a run is created when the Job's creation answers %s", async (_what, answer, known) => {
    const { store, sent } = terse({ createNamespacedJob: async () => answer });
    const options = { store, job, secrets: [secret], createId: "c", signal };
    expect(await createRun(options)).toMatchObject({
      kind: "created",
      job: { ...where, ...known },
    });
    const owners = "uid" in known ? [{ uid: "u-1" }] : undefined;
    expect(sent[0]).toMatchObject({
      body: { metadata: owners === undefined ? secret.metadata : { ownerReferences: owners } },
    });
  });
});

test("a Job that another tool made under the name is not taken for ours that was not described", async () => {
  const deleted: unknown[] = [];
  const { store } = terse({
    createNamespacedJob: async () => undefined,
    readNamespacedJob: async () => ({ metadata: { name: "j", uid: "theirs" } }),
    createNamespacedSecret: () => Promise.reject(new Error("quota")),
    deleteNamespacedJob: async (request) => void deleted.push(request),
  });
  const options = { store, job, secrets: [secret], createId: "c", signal };
  await expect(createRun(options)).rejects.toThrow("quota");
  expect(deleted).toEqual([]);
});

test.each(["", ".", ".."])(
  "nothing is deleted under the name %j: it would be all there is",
  async (name) => {
    const { store, sent } = terse();
    await expect(store.deleteJob({ namespace: "agents", name }, signal)).rejects.toThrow("name");
    await expect(store.deleteSecret({ namespace: "agents", name }, signal)).rejects.toThrow("name");
    expect(sent).toEqual([]);
  },
);

test("an error that is no answer comes through as it is", async () => {
  const error = new Error("exceeded quota");
  const { store } = terse({ createNamespacedJob: () => Promise.reject(error) });
  await expect(createRun({ store, job, secrets: [], createId: "c", signal })).rejects.toBe(error);
});

test("a delete carries its conditions and the foreground in the body", async () => {
  const { store, sent } = terse();
  await store.deleteJob({ ...where, uid: "u-1", resourceVersion: "7" }, signal);
  expect(sent).toEqual([
    {
      ...where,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Foreground",
        preconditions: { uid: "u-1", resourceVersion: "7" },
      },
    },
  ]);
});

describe("every manner of a 404 and a 409 is an answer", () => {
  test.each<[manner: string, error: (status: number) => unknown]>([
    ["code", (code) => Object.assign(new Error("x"), { code })],
    ["statusCode", (statusCode) => Object.assign(new Error("x"), { statusCode })],
    ["response.status", (status) => Object.assign(new Error("x"), { response: { status } })],
    ["response.statusCode", (statusCode) => ({ response: { statusCode } })],
    ["message", (status) => new Error(`HTTP-Code: ${status}\nMessage: Unknown API Status Code!`)],
  ])("by %s", async (_manner, error) => {
    const notFound = () => Promise.reject(error(404));
    const conflict = () => Promise.reject(error(409));
    const missing = terse({
      readNamespacedJob: notFound,
      patchNamespacedJob: notFound,
      deleteNamespacedJob: notFound,
    }).store;
    expect(await missing.read(where, signal)).toBeUndefined();
    expect(await missing.patchJob(where, {}, signal)).toEqual({ kind: "not-found" });
    expect(await missing.deleteJob(where, signal)).toEqual({ kind: "not-found" });
    const taken = terse({
      createNamespacedJob: conflict,
      createNamespacedSecret: conflict,
      patchNamespacedJob: conflict,
      deleteNamespacedJob: conflict,
    }).store;
    expect(await taken.createJob(job, signal)).toEqual({ kind: "exists" });
    expect(await taken.createSecret(secret, signal)).toEqual({ kind: "exists" });
    expect(await taken.patchJob(where, {}, signal)).toEqual({ kind: "conflict" });
    expect(await taken.deleteJob(where, signal)).toEqual({ kind: "conflict" });
  });
});
