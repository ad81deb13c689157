import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator, type Emulator } from "../src/index.ts";
import { call, job, jobs, jsonPatch, mergePatch, pods, secrets, watched } from "./support.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ historyLimit: 50 });
});
afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

const secret = (name: string, labels = {}): object => ({ metadata: { name, labels } });

describe("refusals, in a real server's words", () => {
  test.each([
    [
      "a missing namespace",
      "POST",
      "/apis/batch/v1/namespaces/nope/jobs",
      job("x"),
      404,
      'namespaces "nope" not found',
    ],
    [
      "a bad name",
      "POST",
      jobs,
      job("Bad_Name"),
      422,
      /^Job.batch "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123/,
    ],
    [
      "no containers",
      "POST",
      jobs,
      { metadata: { name: "x" }, spec: { template: { spec: { restartPolicy: "Never" } } } },
      422,
      'Job.batch "x" is invalid: spec.template.spec.containers: Required value',
    ],
    ["no name", "POST", jobs, { metadata: {} }, 422, /name or generateName is required/],
    ["nothing there", "GET", `${jobs}/none`, undefined, 404, 'jobs.batch "none" not found'],
    ["no such pod's log", "GET", `${pods}/none/log`, undefined, 404, 'pods "none" not found'],
    [
      "an unknown resource",
      "GET",
      "/api/v1/zebras",
      undefined,
      404,
      "the server could not find the requested resource",
    ],
    [
      "an unknown field",
      "GET",
      `${jobs}?fieldSelector=spec.x%3D1`,
      undefined,
      400,
      'field label "spec.x" not supported for Job',
    ],
  ])("%s", async (_title, method, path, body, status, message) => {
    const reply = await call(emulator, method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({
      kind: "Status",
      code: status,
    });
    expect(reply.body.message).toMatch(message);
  });
});

describe("writing", () => {
  test("a taken name is a 409, also in a dry run; a dry run stores nothing", async () => {
    await call(emulator, "POST", secrets, secret("taken"));
    expect(await call(emulator, "POST", secrets, secret("taken"))).toMatchObject({
      status: 409,
      body: { reason: "AlreadyExists" },
    });
    expect((await call(emulator, "POST", `${secrets}?dryRun=All`, secret("taken"))).status).toBe(
      409,
    );
    expect((await call(emulator, "POST", `${secrets}?dryRun=All`, secret("dry"))).status).toBe(201);
    expect((await call(emulator, "GET", `${secrets}/dry`)).status).toBe(404);
  });

  test("generateName makes names of its own", async () => {
    const made = await call(emulator, "POST", secrets, { metadata: { generateName: "g-" } });
    expect(made.body.metadata.name).toMatch(/^g-[b-z2-9]{5}$/);
  });

  test("a stale resourceVersion is a 409 in PUT and in a merge patch", async () => {
    const { body } = await call(emulator, "POST", secrets, secret("stale"));
    const newer = await call(
      emulator,
      "PATCH",
      `${secrets}/stale`,
      { metadata: { annotations: { a: "1" } } },
      mergePatch,
    );
    expect(newer.body.metadata.annotations).toEqual({ a: "1" });
    const path = `${secrets}/stale`;
    expect((await call(emulator, "PUT", path, body)).body.reason).toBe("Conflict");
    expect(
      (
        await call(
          emulator,
          "PATCH",
          path,
          { metadata: { resourceVersion: body.metadata.resourceVersion } },
          mergePatch,
        )
      ).status,
    ).toBe(409);
    expect((await call(emulator, "PUT", path, newer.body)).body.metadata.resourceVersion).toBe(
      newer.body.metadata.resourceVersion,
    );
  });

  test.each([
    ["a failed test", [{ op: "test", path: "/metadata/name", value: "z" }]],
    ["a map that is missing", [{ op: "add", path: "/metadata/annotations/x", value: "y" }]],
    ["an unknown operation", [{ op: "zap", path: "/metadata" }]],
  ])("JSON Patch: %s is a 422", async (_title, patch) => {
    await call(emulator, "POST", secrets, secret("patched"));
    expect((await call(emulator, "PATCH", `${secrets}/patched`, patch, jsonPatch)).status).toBe(
      422,
    );
  });

  test("a Job's template is settled", async () => {
    await call(emulator, "POST", jobs, job("settled", {}, { suspend: true }));
    const patch = { spec: { template: { spec: { restartPolicy: "OnFailure" } } } };
    const reply = await call(emulator, "PATCH", `${jobs}/settled`, patch, mergePatch);
    expect(reply).toMatchObject({
      status: 422,
      body: { details: { causes: [{ field: "spec.template" }] } },
    });
  });
});

describe("rights", () => {
  test("a denied one is a 403 that names it, and the access review says so too", async () => {
    const rule = emulator.deny({ verb: "get", resource: "pods", subresource: "log" });
    const reply = await call(emulator, "GET", `${pods}/p/log`);
    expect(reply).toMatchObject({
      status: 403,
      body: {
        reason: "Forbidden",
        message:
          'pods "p" is forbidden: User "emulator-user" cannot get resource "pods/log" in API group "" in the namespace "default"',
      },
    });
    const review = async (subresource: string): Promise<boolean> => {
      const resourceAttributes = {
        verb: "get",
        resource: "pods",
        subresource,
        namespace: "default",
      };
      const answer = await call(
        emulator,
        "POST",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        { spec: { resourceAttributes } },
      );
      return answer.body.status.allowed;
    };
    expect([await review("log"), await review("")]).toEqual([false, true]);
    rule[Symbol.dispose]();
    expect(await review("log")).toBe(true);
  });
});

describe("lists and watches", () => {
  test("a list comes in pages", async () => {
    for (const name of ["p1", "p2", "p3"])
      await call(emulator, "POST", secrets, secret(name, { page: "1" }));
    const first = await call(emulator, "GET", `${secrets}?labelSelector=page&limit=2`);
    expect(first.body.metadata.remainingItemCount).toBe(1);
    const rest = await call(
      emulator,
      "GET",
      `${secrets}?labelSelector=page&limit=2&continue=${first.body.metadata.continue}`,
    );
    expect([...first.body.items, ...rest.body.items].map((one) => one.metadata.name)).toEqual([
      "p1",
      "p2",
      "p3",
    ]);
  });

  test("a watch with a selector tells of objects that begin and cease to match", async () => {
    const from = (await call(emulator, "GET", secrets)).body.metadata.resourceVersion;
    await call(emulator, "POST", secrets, secret("w"));
    const label = (value: string | null): Promise<unknown> =>
      call(emulator, "PATCH", `${secrets}/w`, { metadata: { labels: { w: value } } }, mergePatch);
    await label("1");
    await label("2");
    await label(null);
    const events = await watched(
      emulator,
      `${secrets}?watch=true&labelSelector=w&resourceVersion=${from}`,
      (seen) => seen.length === 3,
    );
    expect(events.map((event) => event.type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
  });

  test("WatchList: what is there, then the bookmark that says so", async () => {
    const query =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const events = await watched(
      emulator,
      `${secrets}?${query}&fieldSelector=metadata.name%3Dw`,
      (seen) => seen.length === 2,
    );
    expect(events.map((event) => event.type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(events[1]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  });

  test("a forgotten version is a 410 in an ERROR event; timeoutSeconds ends a watch", async () => {
    for (let count = 0; count < 60; count += 1) {
      await call(
        emulator,
        "PATCH",
        `${secrets}/w`,
        { metadata: { annotations: { count: `${count}` } } },
        mergePatch,
      );
    }
    const gone = await watched(emulator, `${secrets}?watch=true&resourceVersion=2`, () => false);
    expect(gone).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
    const none = await watched(
      emulator,
      `${jobs}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dzz`,
      () => false,
    );
    expect(none).toEqual([]);
  });
});

test("a namespace that is deleted is emptied first", async () => {
  await call(emulator, "POST", "/api/v1/namespaces", { metadata: { name: "brief" } });
  await call(emulator, "POST", "/api/v1/namespaces/brief/secrets", secret("s"));
  await call(emulator, "DELETE", "/api/v1/namespaces/brief");
  const events = await watched(
    emulator,
    "/api/v1/namespaces?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Dbrief&timeoutSeconds=1",
    (seen) => seen.some((one) => one.type === "DELETED"),
  );
  expect(events.every((one) => one.object.metadata.name === "brief")).toBe(true);
  expect((await call(emulator, "GET", "/api/v1/namespaces/brief")).status).toBe(404);
});

test("requests are recorded in order, in Kubernetes' words", () => {
  expect(emulator.requests[0]).toMatchObject({
    method: "POST",
    verb: "create",
    resource: "jobs",
    namespace: "nope",
    status: 404,
    ended: true,
  });
});
