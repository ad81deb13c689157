import { expect, test } from "vitest";
import { createRun, kubeLeaseStore, startSupervisor, supervisorOf } from "../src/index.ts";
import { startCluster } from "./clusters.ts";
import { manifests } from "./manifests.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";

test("a process that stood still for a minute and was replaced changes nothing, and says who has its Job", async () => {
  await using cluster = await startCluster();
  const { signal } = new AbortController();
  const store = cluster.stores.kubeJobStore;
  const leases = kubeLeaseStore(cluster.http, cluster.namespace);
  const lost: string[] = [];
  const join = (identity: string, clock: ManualClock) =>
    startSupervisor({
      leases,
      store,
      identity: `${identity}-${process.pid}`,
      clock,
      onLost: (_job, why) => lost.push(why),
      signal,
    });
  const clocks = { one: manualClock(), two: manualClock() };
  const [one, two] = [await join("one", clocks.one), await join("two", clocks.two)];
  const { job } = manifests(cluster.namespace);
  const createId = "stood-still";
  const made = await createRun({ store, job: two.stamp(job), secrets: [], createId, signal });
  if (made.kind !== "created") throw new Error(made.kind);
  two.hold(made.job);

  await one.look(signal);
  expect(one.isSupervised(made.job)).toBe("unknown");
  clocks.one.freeze(31_000);
  await one.look(signal);
  expect(one.isSupervised(made.job)).toBe(false);
  const taken = await one.adopt(made.job, { annotations: { cursor: "x" } }, signal);
  expect(taken && supervisorOf(taken)).toBe(one.identity);

  clocks.two.freeze(60_000);
  const refused = { kind: "lost", by: one.identity, epoch: 2 };
  expect(await two.write(made.job, { annotations: { cursor: "y" } }, signal)).toEqual(refused);
  expect(await two.remove(made.job, signal)).toMatchObject({ kind: "lost" });
  expect(await two.letGo(made.job, {}, signal)).toMatchObject({ kind: "lost" });
  expect(lost).toEqual([`the process ${one.identity} has it in epoch 2`]);
  const now = await store.read(made.job, signal);
  expect(now?.annotations).toEqual(taken?.annotations);
  expect(now?.deletionTimestamp).toBeUndefined();

  expect(await one.remove(made.job, signal)).toEqual({ kind: "done" });
  await Promise.all([one.release(signal), two.release(signal)]);
});
