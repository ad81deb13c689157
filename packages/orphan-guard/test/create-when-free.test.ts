import { describe, expect, test } from "vitest";
import {
  annotations,
  createWhenFree,
  type CreationWhenFree,
  type KnownJob,
  startSupervisor,
  type Supervisor,
} from "../src/index.ts";
import { claim, job } from "./fixtures.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { memoryJobs, type MemoryJobs } from "./support/memory-jobs.ts";
import { memoryLeases, type MemoryLeases } from "./support/memory-leases.ts";

const { signal } = new AbortController();

type Scene = {
  readonly clock: ManualClock;
  readonly jobs: MemoryJobs;
  readonly leases: MemoryLeases;
  readonly create: (supervisor?: Supervisor) => Promise<CreationWhenFree>;
  readonly join: (identity: string, clock?: ManualClock) => Promise<Supervisor>;
};

function scene(): Scene {
  const [clock, jobs, leases] = [manualClock(), memoryJobs(), memoryLeases()];
  const store = jobs.store;
  return {
    clock,
    jobs,
    leases,
    join: (identity, own = clock) =>
      startSupervisor({ leases, store, identity, clock: own, signal }),
    create: (supervisor) =>
      createWhenFree({
        store,
        supervisor,
        claim: claim(),
        job: { metadata: { name: "job-1", namespace: "agents" }, spec: {} },
        secrets: [],
        createId: "nonce",
        clock,
        signal,
      }),
  };
}

/** A Job that was made and never let go. */
function unfinished(supervisor?: string): KnownJob {
  const { [annotations.resumedAt]: _, ...ids } = job().annotations;
  const marks = { ...ids, [annotations.createId]: "another" };
  const own = supervisor === undefined ? {} : { [annotations.supervisor]: supervisor };
  const at = { suspended: true, readyPods: 0, uid: "theirs" };
  return { ...job(at), annotations: { ...marks, ...own } };
}

/** Whether the creation has come to its end after `ms`. */
async function isMade(made: Promise<CreationWhenFree>, { clock }: Scene, ms: number) {
  let kind: string | undefined;
  void made.then((answer) => (kind = answer.kind));
  await clock.pass(ms);
  return kind;
}

describe("an unfinished creation in the way", () => {
  test("is removed at once when the Lease of its process is gone", async () => {
    const at = scene();
    at.jobs.add(unfinished("two"));
    expect(await isMade(at.create(await at.join("one")), at, 1_000)).toBe("created");
  });

  test("is waited for until the Lease of its process has stood for its duration", async () => {
    const at = scene();
    await at.join("two", manualClock()); // Nobody moves its clock: it never renews.
    at.jobs.add(unfinished("two"));
    const made = at.create(await at.join("one"));
    expect(await isMade(made, at, 29_000)).toBeUndefined();
    expect(await isMade(made, at, 5_000)).toBe("created");
  });

  test("of a live process is never removed", async () => {
    const at = scene();
    await at.join("two");
    const theirs = at.jobs.add(unfinished("two"));
    const made = at.create(await at.join("one"));
    expect(await isMade(made, at, 61_000)).toBe("busy");
    expect(at.jobs.get(theirs)?.uid).toBe("theirs");
  });

  test("of a live process is gone on with when it is finished", async () => {
    const at = scene();
    await at.join("two");
    const theirs = at.jobs.add(unfinished("two"));
    const made = at.create(await at.join("one"));
    await at.clock.pass(5_000);
    at.jobs.remove(theirs);
    expect(await isMade(made, at, 2_000)).toBe("created");
  });

  test.each<[what: string, supervisor: string | undefined, mayList: boolean]>([
    ["that names no process", undefined, true],
    ["where Leases may not be listed", "two", false],
  ])("%s is given ten seconds", async (_what, supervisor, mayList) => {
    const at = scene();
    if (!mayList) at.leases.fault = Object.assign(new Error("forbidden"), { code: 403 });
    at.jobs.add(unfinished(supervisor));
    const made = at.create(await at.join("one"));
    expect(await isMade(made, at, 9_500)).toBeUndefined();
    expect(await isMade(made, at, 1_000)).toBe("created");
  });
});

test("a process whose Lease cannot be renewed creates nothing", async () => {
  const at = scene();
  const one = await at.join("one");
  at.leases.fault = new Error("connect ECONNREFUSED");
  at.clock.freeze(21_000);
  await expect(at.create(one)).rejects.toMatchObject({
    code: "ORPHAN_GUARD_BLIND",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  expect(at.jobs.get(job())).toBeUndefined();
});
