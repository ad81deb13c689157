import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../src/index.ts";
import { call, job, jobs, jobWith, mergePatch, podIn, podOf, pods, until } from "./support.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
  emulator.program("agent:1", (p) => p.sleep(5_000).then(() => 0));
});
afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
});

type Conditions = readonly {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}[];

const ready = (object: { status: { conditions: Conditions } }) =>
  object.status.conditions.find(({ type }) => type === "Ready");

async function refusal(name: string): Promise<string> {
  const events = "/api/v1/namespaces/default/events";
  return until(async () => {
    const { items } = (await call(emulator, "GET", events)).body;
    return items.find(
      (one: { reason: string; involvedObject: { name: string } }) =>
        one.reason === "FailedCreate" && one.involvedObject.name === name,
    )?.message;
  });
}

describe("admission leaves a Job without a pod, and an event", () => {
  test.each([
    [
      { pods: "0" },
      /forbidden: exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0$/,
    ],
    [{ "limits.cpu": "1" }, /forbidden: failed quota: few: must specify limits\.cpu for: main$/],
  ])("for a quota of %o, until it is gone", async (hard, message) => {
    const quotas = "/api/v1/namespaces/default/resourcequotas";
    await call(emulator, "POST", quotas, { metadata: { name: "few" }, spec: { hard } });
    await call(emulator, "POST", jobs, job("many"));
    expect(await refusal("many")).toMatch(message);
    expect((await call(emulator, "GET", pods)).body.items).toEqual([]);
    await call(emulator, "DELETE", `${quotas}/few`);
    await podIn(emulator, "many", "running");
  });

  test("for a level of Pod Security, and directly with 403", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await call(
      emulator,
      "PATCH",
      "/api/v1/namespaces/default",
      { metadata: { labels } },
      mergePatch,
    );
    await call(emulator, "POST", jobs, job("loose"));
    const message = await refusal("loose");
    expect(message).toContain('violates PodSecurity "restricted:latest": allowPrivilegeEscalation');
    expect(message).toContain('pod or container "main" must set securityContext.runAsNonRoot=true');
    const container = { name: "main", image: "agent:1" };
    const pod = { metadata: { name: "p" }, spec: { containers: [container] } };
    expect(await call(emulator, "POST", pods, pod)).toMatchObject({
      status: 403,
      body: { reason: "Forbidden", message: expect.stringContaining('pods "p" is forbidden') },
    });
  });

  test("for a service account that is not there", async () => {
    await call(emulator, "POST", jobs, job("who", {}, {}, { serviceAccountName: "nobody" }));
    expect(await refusal("who")).toMatch(/serviceaccount "nobody" not found$/);
  });
});

test("a missing claim is the scheduler's business", async () => {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "none" } }];
  await call(emulator, "POST", jobs, job("claims", {}, {}, { volumes }));
  const pod = await until(async () => {
    const { items } = (await call(emulator, "GET", pods)).body;
    return items.find((one: { status: { conditions?: object } }) => one.status.conditions);
  });
  expect(pod.status.conditions[0]).toMatchObject({
    reason: "Unschedulable",
    message: '0/1 nodes are available: persistentvolumeclaim "none" not found. not found',
  });
});

test("eviction marks the pod, then deletes it with its grace", async () => {
  await call(emulator, "POST", jobs, job("moved"));
  const { metadata } = await podIn(emulator, "moved", "running");
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: metadata.name } };
  const answer = await call(emulator, "POST", `${pods}/${metadata.name}/eviction`, body);
  expect(answer.status).toBe(201);
  const marked = (await call(emulator, "GET", `${pods}/${metadata.name}`)).body;
  expect(marked.metadata.deletionTimestamp).toBeDefined();
  expect(marked.status.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", reason: "EvictionByEvictionAPI" }),
  );
  await jobWith(emulator, "moved", "Failed");
});

test("eviction by the kubelet: Failed at once, the container unknown", async () => {
  await call(emulator, "POST", jobs, job("full"));
  const { metadata } = await podIn(emulator, "full", "running");
  emulator.node.evict({ name: metadata.name }, "The node was low on resource: memory. ");
  const at = await until(async () => {
    const one = await podOf(emulator, "full");
    return one.status.phase === "Failed" ? one : undefined;
  });
  expect(at.status).toMatchObject({
    reason: "Evicted",
    message: expect.stringContaining("memory"),
  });
  const lost = await podIn(emulator, "full", "terminated");
  expect(lost.status.containerStatuses[0].state.terminated).toMatchObject({
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    finishedAt: null,
  });
  expect(() => emulator.node.evict({ name: "none" })).toThrow(
    /expected the name of a pod on a node/,
  );
});

test("a node that is away: Unknown, its pods not ready, its program runs on, and all is well again", async () => {
  await call(emulator, "POST", jobs, job("stays"));
  await podIn(emulator, "stays", "running");
  const nodes = "/api/v1/nodes/emulator-node";
  const down = emulator.node.down(200, { noticedAfterMs: 20 });
  await until(async () =>
    ready((await call(emulator, "GET", nodes)).body)?.status === "Unknown" ? true : undefined,
  );
  const pod = await podOf(emulator, "stays");
  expect(ready(pod)?.status).toBe("False");
  expect(pod.status).toMatchObject({ phase: "Running", containerStatuses: [{ ready: true }] });
  await down;
  expect(ready((await call(emulator, "GET", nodes)).body)?.status).toBe("True");
  await until(async () =>
    ready(await podOf(emulator, "stays"))?.status === "True" ? true : undefined,
  );
});

test("what is deleted on a node that is away goes when it is back", async () => {
  await call(emulator, "POST", jobs, job("late"));
  await podIn(emulator, "late", "running");
  const down = emulator.node.down(150, { noticedAfterMs: 10, evictsAfterMs: 30 });
  const marked = await until(async () => {
    const pod = await podOf(emulator, "late");
    return pod.metadata.deletionTimestamp === undefined ? undefined : pod;
  });
  expect(marked.status.containerStatuses[0].state.running).toBeDefined();
  expect(marked.status.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", reason: "DeletionByTaintManager" }),
  );
  await down;
  await jobWith(emulator, "late", "Failed");
});

test("a cache that lags: a cheap list trails, every other read does not", async () => {
  await using slow = await startEmulator({ quirks: { watchCacheLagMs: 150 } });
  const secrets = "/api/v1/namespaces/default/secrets";
  await call(slow, "POST", secrets, { metadata: { name: "s" } });
  const names = async (query: string) =>
    (await call(slow, "GET", `${secrets}${query}`)).body.items.map(
      (one: { metadata: { name: string } }) => one.metadata.name,
    );
  expect(await names("?resourceVersion=0")).toEqual([]);
  expect(await names("")).toEqual(["s"]);
  await until(async () => ((await names("?resourceVersion=0")).length === 1 ? true : undefined));
});
