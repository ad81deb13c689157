import { expect, test } from "vitest";
import { annotations, observeSupervision, startSupervisor } from "../src/index.ts";
import { job } from "./fixtures.ts";
import { manualClock } from "./support/manual-clock.ts";
import { memoryJobs } from "./support/memory-jobs.ts";
import { memoryLeases } from "./support/memory-leases.ts";

const { signal } = new AbortController();
const of = (supervisor: string) => {
  const known = job();
  return { ...known, annotations: { ...known.annotations, [annotations.supervisor]: supervisor } };
};

test("sees who is alive by the renewals, who is stale by their absence, and writes nothing", async () => {
  const clock = manualClock();
  const leases = memoryLeases();
  const { store } = memoryJobs();
  const alive = await startSupervisor({ leases, store, identity: "alive", clock, signal });
  await startSupervisor({ leases, store, identity: "dead", clock: manualClock(), signal });
  const observer = observeSupervision({ leases, clock });
  const seen = () => ["alive", "dead", "never-there"].map((one) => observer.isSupervised(of(one)));
  expect(seen()).toEqual(["unknown", "unknown", "unknown"]);
  await observer.look(signal);
  expect(seen()).toEqual(["unknown", "unknown", false]);
  expect(observer.isSupervised(job())).toBe(false);
  expect(observer.lease("dead")?.name).toBe("claude-k8s-dead");

  await clock.pass(10_000);
  const writes = leases.writes;
  await observer.look(signal);
  expect(seen()).toEqual([true, "unknown", false]);
  await clock.pass(20_000);
  await observer.look(signal);
  expect(seen()).toEqual([true, false, false]);
  expect(observer.unchangedLeases(30_000).map(({ identity }) => identity)).toEqual(["dead"]);
  // Those of the one that lives.
  expect(leases.writes - writes).toBe(2);
  await alive.release(signal);
  expect([...leases.all.keys()]).toEqual(["claude-k8s-dead"]);
});

test("a look that is refused is thrown, and nobody counts as dead for it", async () => {
  const leases = memoryLeases();
  leases.fault = new Error("forbidden");
  const observer = observeSupervision({ leases, clock: manualClock() });
  await expect(observer.look(signal)).rejects.toThrow("forbidden");
  expect(observer.isSupervised(of("somebody"))).toBe("unknown");
});
