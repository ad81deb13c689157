import { describe, expect, test } from "vitest";
import {
  annotations,
  type KnownJob,
  planSweep,
  startSupervisor,
  type Supervised,
  sweep,
} from "../src/index.ts";
import { job, labelled, neverLetGo } from "./fixtures.ts";
import { manualClock } from "./support/manual-clock.ts";
import { memoryJobs } from "./support/memory-jobs.ts";
import { memoryLeases } from "./support/memory-leases.ts";

const created = "2026-01-01T00:00:00Z";
const at = (ms: number): number => Date.parse(created) + ms;
const day = 86_400_000;
const unfinished = job(neverLetGo);
const ended = job({ ended: "complete", endedAt: created });
const endedBefore = job({ ...labelled("r", "t"), ended: "complete", endedAt: created });
const { signal } = new AbortController();

describe("what becomes of a Job", () => {
  test.each<[what: string, job: KnownJob, Supervised, ageMs: number, expected: string]>([
    ["a running one", job(), true, day, "leave supervised"],
    ["a running one", job(), "unknown", day, "leave supervision-unknown"],
    ["a running one", job(), false, day, "report running"],
    ["one on its way out", job({ deletionTimestamp: created }), false, day, "leave leaving"],
    ["one never let go", unfinished, false, 59_999, "leave young"],
    ["one never let go", unfinished, false, 60_000, "delete unfinished"],
    ["one never let go", unfinished, true, day, "leave supervised"],
    ["one to be stopped", job({ cancelRequested: created }), false, 0, "delete cancelled"],
    ["one to be stopped", job({ cancelRequested: created }), true, day, "leave supervised"],
    ["one that ended unread", ended, false, day - 1, "report unread"],
    ["one that ended unread", ended, false, day, "delete unread"],
    ["one that ended unread", ended, "unknown", day, "leave supervision-unknown"],
    ["one that is kept", kept(), false, 9 * day, "leave kept"],
    ["one without annotations that ended", endedBefore, false, 9 * day, "report unread"],
    ["one without annotations that runs", job(labelled("r", "t")), false, day, "report running"],
    [
      "a suspended one that was not made here",
      job({ ...labelled("r", "t"), suspended: true, readyPods: 0 }),
      false,
      day,
      "report running",
    ],
    [
      "one of an age nobody tells",
      job({ creationTimestamp: "?", ...neverLetGo }),
      false,
      day,
      "leave young",
    ],
  ])("%s (%j, supervised: %s, after %d ms): %s", (_what, known, supervised, ageMs, expected) => {
    const { action, reason } = planSweep(known, supervised, { policy: {}, now: at(ageMs) });
    expect(`${action} ${reason}`).toBe(expected);
  });

  test("ages are the policy's", () => {
    const policy = { unreadMs: 5, runningMs: 7, unfinishedMs: 9 };
    const action = (known: KnownJob, ageMs: number): string =>
      planSweep(known, false, { policy, now: at(ageMs) }).action;
    for (const known of [ended, endedBefore])
      expect([action(known, 4), action(known, 5)]).toEqual(["report", "delete"]);
    expect([action(job(), 6), action(job(), 7)]).toEqual(["report", "delete"]);
    expect([action(unfinished, 8), action(unfinished, 9)]).toEqual(["leave", "delete"]);
  });
});

describe("a sweep", () => {
  const where = { namespace: "agents", labelSelector: "x", now: at(2 * day), signal };

  test("deletes what its plan says, and says what it did", async () => {
    const jobs = memoryJobs();
    jobs.add({ ...ended, name: "unread" });
    jobs.add({ ...kept(), name: "kept" });
    jobs.add({ ...unfinished, name: "unfinished" });
    jobs.add(job({ name: "running" }));
    const dry = await sweep({ store: jobs.store, ...where, dryRun: true });
    expect(dry.items.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["unread", "dry-run"],
      ["kept", undefined],
      ["unfinished", "dry-run"],
      ["running", undefined],
    ]);
    expect(jobs.get({ namespace: "agents", name: "unread" })).toBeDefined();
    const { items } = await sweep({ store: jobs.store, ...where });
    expect(items.map(({ name, reason, outcome }) => [name, reason, outcome])).toEqual([
      ["unread", "unread", "deleted"],
      ["kept", "kept", undefined],
      ["unfinished", "unfinished", "deleted"],
      ["running", "running", undefined],
    ]);
    expect((await sweep({ store: jobs.store, ...where })).items).toHaveLength(2);
  });

  test("touches nothing that changed since it looked, and tells a deletion that failed", async () => {
    const jobs = memoryJobs();
    const known = jobs.add({ ...ended, name: "adopted-meanwhile" });
    jobs.add({ ...ended, name: "refused" });
    const { store } = jobs;
    const disturbed = {
      ...store,
      deleteJob: async (...given: Parameters<typeof store.deleteJob>) => {
        if (given[0].name === "refused") throw new Error("not today");
        jobs.touch(known);
        return store.deleteJob(...given);
      },
    };
    const { items } = await sweep({ store: disturbed, ...where });
    expect(items.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ["changed", undefined],
      ["failed", "not today"],
    ]);
    expect(jobs.get(known)).toBeDefined();
  });

  test("leaves a Job that names a supervisor when nobody can be asked", async () => {
    const jobs = memoryJobs();
    const marks = { ...ended.annotations, [annotations.supervisor]: "two" };
    jobs.add({ ...ended, annotations: marks });
    const { items } = await sweep({ store: jobs.store, ...where });
    expect(items).toMatchObject([{ action: "leave", reason: "supervision-unknown" }]);
  });

  test("deletes Leases that stood unchanged for an hour, and not its own", async () => {
    const clock = manualClock();
    const leases = memoryLeases();
    const { store } = memoryJobs();
    await startSupervisor({ leases, store, identity: "dead", clock: manualClock(), signal });
    const supervisor = await startSupervisor({ leases, store, identity: "one", clock, signal });
    const options = { store, leases, supervisor, ...where };
    expect((await sweep(options)).items).toEqual([]);
    await clock.pass(3_599_000);
    expect((await sweep(options)).items).toEqual([]);
    await clock.pass(1_000);
    expect((await sweep(options)).items).toMatchObject([
      { kind: "Lease", name: "claude-k8s-dead", reason: "stale", outcome: "deleted" },
    ]);
    expect([...leases.all.keys()]).toEqual(["claude-k8s-one"]);
  });
});

function kept(): KnownJob {
  return { ...ended, annotations: { ...ended.annotations, [annotations.collectedAt]: created } };
}
