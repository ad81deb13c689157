import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { createJobHub, type JobEvent } from "../src/index.ts";
import { httpFor, jobManifest, label, type TestCluster, watchRun } from "./cluster-run.ts";

let emulator: Emulator;
let cluster: TestCluster;

beforeEach(async () => {
  emulator = await startEmulator({ namespaces: ["watch"] });
  emulator.program("waits", (program) => program.sleep(250).then(() => 4));
  cluster = { http: httpFor(emulator.kubeConfig), namespace: "watch", image: "waits" };
});

afterEach(async () => {
  cluster.http.close();
  await emulator[Symbol.asyncDispose]();
});

async function watchOverOutage(times: { evictsAfterMs?: number } = {}) {
  const { http, namespace } = cluster;
  const hub = createJobHub({ http, namespace, labelSelector: `${label}=yes` });
  let down: Promise<void> | undefined;
  const made = await watchRun(cluster, hub, jobManifest(cluster, "true"), (event) => {
    if (event.type === "phase" && event.phase === "running")
      down ??= emulator.node.down(150, { noticedAfterMs: 20, ...times });
  });
  await down;
  await hub.close();
  return made;
}

const nodeEvents = (events: readonly JobEvent[]) => events.filter((event) => event.type === "node");

test("a node that was away and came back costs nothing; both is told", async () => {
  const { end, events } = await watchOverOutage();
  expect(end).toMatchObject({ kind: "exited", sure: true, exit: { code: 4 } });
  expect(nodeEvents(events)).toMatchObject([
    { isLost: true, node: "emulator-node", gracePassesAt: expect.any(Number) },
    { isLost: false, node: "emulator-node" },
  ]);
});

test("without the right to read nodes the mark on the pod tells, and it is said", async () => {
  const denied = emulator.deny({ resource: "nodes" });
  const { end, events } = await watchOverOutage();
  denied[Symbol.dispose]();
  expect(end).toMatchObject({ kind: "exited", exit: { code: 4 } });
  expect(nodeEvents(events)[0]).toMatchObject({
    isLost: true,
    message: expect.stringContaining("marked not ready while its container ran"),
  });
});

test("a pod that was deleted for its node's absence is lost to the node", async () => {
  emulator.program("waits", (program) => program.sleep(60_000).then(() => 4));
  const { end } = await watchOverOutage({ evictsAfterMs: 60 });
  expect(end).toMatchObject({ kind: "lost", why: "node", exit: { signal: "SIGTERM" } });
  expect(end.evidence.map(({ fact }) => fact).join()).toContain("DeletionByTaintManager");
});

test("a kubelet's eviction is one, and its made-up code is no code", async () => {
  emulator.program("waits", (program) => program.sleep(60_000).then(() => 4));
  const { http, namespace } = cluster;
  const hub = createJobHub({ http, namespace, labelSelector: `${label}=yes` });
  let name = "";
  const { end } = await watchRun(cluster, hub, jobManifest(cluster, "true"), (event) => {
    if (event.type === "pod") name = event.pod.name;
    if (event.type === "phase" && event.phase === "running")
      emulator.node.evict({ namespace, name });
  });
  expect(end).toMatchObject({ kind: "lost", why: "evicted" });
  expect("exit" in end ? end.exit?.code : undefined).toBeUndefined();
  await hub.close();
});

test("a create whose reply is lost: the Job is found by its name", async () => {
  const { http, namespace } = cluster;
  const hub = createJobHub({ http, namespace, labelSelector: `${label}=yes` });
  const manifest = jobManifest(cluster, "true");
  const { name } = manifest.metadata;
  const signal = AbortSignal.timeout(20_000);
  emulator.faults.add({
    on: { verb: "create", resource: "jobs" },
    do: { kind: "lose-reply" },
    times: 1,
  });
  // Nobody learns the uid: the first Job of the name is the one.
  const uid = http
    .request<{ metadata: { uid: string } }>({
      method: "POST",
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      body: manifest,
      signal,
    })
    .then(() => undefined)
    .catch(() => undefined);
  const ends: unknown[] = [];
  for await (const event of hub.watch({ namespace, name }, { container: "main", signal, uid }))
    if (event.type === "end") ends.push(event.end);
  expect(ends).toMatchObject([{ kind: "exited", exit: { code: 4 } }]);
  await hub.close();
});

test("a watch cache that lags behind what is read is no deletion", async () => {
  await using slow = await startEmulator({
    namespaces: ["watch"],
    quirks: { watchCacheLagMs: 1_500 },
  });
  slow.program("waits", (program) => program.sleep(20).then(() => 4));
  const http = httpFor(slow.kubeConfig);
  const hub = createJobHub({ http, namespace: "watch", labelSelector: `${label}=yes` });
  const made = await watchRun({ ...cluster, http }, hub, jobManifest(cluster, "true"));
  expect(made.end).toMatchObject({ kind: "exited", sure: true, exit: { code: 4 } });
  await hub.close();
  http.close();
});
