import { describe, expect, test } from "vitest";
import {
  annotations,
  epochOf,
  type JobManifestLike,
  type JobRef,
  type KnownJob,
  type Supervisor,
  startSupervisor,
  supervisorOf,
} from "../src/index.ts";
import { job } from "./fixtures.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { type MemoryLeases, memoryLeases } from "./support/memory-leases.ts";
import { type MemoryJobs, memoryJobs } from "./support/memory-jobs.ts";

type Scene = {
  readonly clock: ManualClock;
  readonly leases: MemoryLeases;
  readonly jobs: MemoryJobs;
  readonly lost: string[];
  readonly join: (identity: string, clock?: ManualClock) => Promise<Supervisor>;
};

const { signal } = new AbortController();

function scene(): Scene {
  const clock = manualClock();
  const leases = memoryLeases();
  const jobs = memoryJobs();
  const lost: string[] = [];
  const onLost = ({ name }: JobRef, why: string): void => void lost.push(`${name}: ${why}`);
  return {
    clock,
    leases,
    jobs,
    lost,
    join: (identity, own = clock) =>
      startSupervisor({ leases, store: jobs.store, identity, clock: own, onLost, signal }),
  };
}

describe("the Lease", () => {
  test("is renewed every ten seconds, and deleted at the release", async () => {
    const { clock, leases, join } = scene();
    const one = await join("one");
    expect([...leases.all.keys()]).toEqual(["claude-k8s-one"]);
    await clock.pass(60_000);
    expect(leases.writes).toBe(7);
    expect(one.alive).toBe(true);
    await one.release(signal);
    expect(leases.all.size).toBe(0);
    await clock.pass(60_000);
    expect(leases.writes).toBe(7);
  });

  test("that cannot be renewed for twenty seconds ends acting as supervisor, and only that long", async () => {
    const { clock, leases, jobs, join } = scene();
    const one = await join("one");
    const held = jobs.add(job({ uid: "u" }));
    await one.adopt(held, {}, signal);
    leases.fault = new Error("connect ECONNREFUSED");
    await clock.pass(19_000);
    expect(one.alive).toBe(true);
    await clock.pass(1_500);
    expect(one.alive).toBe(false);
    expect(await one.write(held, {}, signal)).toMatchObject({
      kind: "paused",
      why: expect.stringContaining("ECONNREFUSED"),
    });
    await expect(one.adopt(jobs.add(job({ name: "b" })), {}, signal)).rejects.toMatchObject({
      code: "ORPHAN_GUARD_BLIND",
    });
    leases.fault = undefined;
    await clock.pass(2_000);
    expect(one.alive).toBe(true);
    expect(await one.write(held, {}, signal)).toMatchObject({ kind: "done" });
  });

  test("does not count as held after the machine slept", async () => {
    const { clock, leases, join } = scene();
    const one = await join("one");
    clock.suspend(11_000);
    expect(one.alive).toBe(false);
    const { writes } = leases;
    await one.write(job(), {}, signal);
    await clock.pass(10_000);
    expect(leases.writes).toBeGreaterThan(writes);
    expect(one.alive).toBe(true);
  });

  test("a Job that went while the process was away was taken over; one that went before its eyes was not", async () => {
    const { clock, jobs, join, lost } = scene();
    const one = await join("one");
    const [away, seen] = [jobs.add(job({ uid: "u" })), jobs.add(job({ name: "b", uid: "v" }))];
    for (const held of [away, seen]) await one.adopt(held, {}, signal);
    jobs.remove(seen);
    expect(await one.remove(seen, signal)).toEqual({ kind: "gone" });
    clock.suspend(40_000);
    jobs.remove(away);
    expect(await one.remove(away, signal)).toMatchObject({ kind: "lost" });
    expect(lost).toEqual([expect.stringContaining("taken over while this process was away")]);
  });

  test.each<[what: string, touch: (leases: MemoryLeases) => void]>([
    ["deleted", (leases) => leases.all.clear()],
    [
      "touched",
      ({ all }) => {
        for (const [name, lease] of all) all.set(name, { ...lease, resourceVersion: "other" });
      },
    ],
  ])("that somebody has %s is written again", async (_what, touch) => {
    const { clock, leases, join } = scene();
    const one = await join("one");
    touch(leases);
    await clock.pass(10_000);
    expect(leases.all.get("claude-k8s-one")?.stamp).toBe("2");
    expect(one.alive).toBe(true);
  });

  test("that may not be written leaves a supervisor that says what is weaker", async () => {
    const { leases, jobs, join } = scene();
    leases.fault = Object.assign(new Error('leases is forbidden: User "x"'), { code: 403 });
    const one = await join("one");
    expect(one.alive).toBe(true);
    expect(one.weaker).toContain("leases is forbidden");
    const others = jobs.add(supervisedBy("two"));
    await one.look(signal);
    expect(one.isSupervised(others)).toBe(false);
    expect(one.tellsAlive).toBe(false);
    expect(await one.adopt(others, {}, signal)).toBeDefined();
    expect(await one.remove(others, signal)).toEqual({ kind: "done" });
  });

  test("whose right is granted later is written then, and the others are seen", async () => {
    const { clock, leases, join } = scene();
    leases.fault = Object.assign(new Error("leases is forbidden"), { code: 403 });
    const one = await join("one");
    await one.look(signal);
    leases.fault = undefined;
    await clock.pass(60_000);
    expect([...leases.all.keys()]).toEqual(["claude-k8s-one"]);
    await one.look(signal);
    expect([one.weaker, one.tellsAlive]).toEqual([undefined, true]);
  });

  test("whose right is taken away stops no guarded write", async () => {
    const { clock, leases, jobs, join } = scene();
    const one = await join("one");
    const held = jobs.add(job({ uid: "u" }));
    await one.adopt(held, {}, signal);
    leases.fault = Object.assign(new Error("leases is forbidden"), { code: 403 });
    await clock.pass(40_000);
    expect(one.weaker).toContain("leases is forbidden");
    expect(await one.write(held, { annotations: { a: "b" } }, signal)).toMatchObject({
      kind: "done",
    });
  });

  test("asks for an identity that can be part of a name", async () => {
    const { leases } = scene();
    const { kubeLeaseStore } = await import("../src/index.ts");
    const http = { request: () => Promise.reject(new Error("not asked for here")) };
    await expect(kubeLeaseStore(http, "n").create("A_B", 1, signal)).rejects.toThrow(/A_B/);
    expect(leases.all.size).toBe(0);
  });
});

describe("another's Job", () => {
  test("is supervised as long as its Lease is seen to change", async () => {
    const { clock, join } = scene();
    const [one, two] = [await join("one"), await join("two")];
    const theirs = supervisedBy("two");
    expect(one.isSupervised(theirs)).toBe("unknown");
    await one.look(signal);
    expect(one.isSupervised(theirs)).toBe("unknown");
    await clock.pass(10_000);
    await one.look(signal);
    expect(one.isSupervised(theirs)).toBe(true);
    await two.release(signal);
    await one.look(signal);
    expect(one.isSupervised(theirs)).toBe(false);
  });

  test("is left behind once its Lease stood unchanged for its duration before one's own eyes", async () => {
    const { clock, join } = scene();
    const frozen = manualClock();
    const one = await join("one");
    await join("two", frozen); // Its timers run by a clock that nobody moves.
    const theirs = supervisedBy("two");
    await one.look(signal);
    await clock.pass(29_000);
    await one.look(signal);
    expect(one.isSupervised(theirs)).toBe("unknown");
    await clock.pass(1_000);
    expect(one.isSupervised(theirs)).toBe("unknown"); // Time alone says nothing: nobody has looked.
    await one.look(signal);
    expect(one.isSupervised(theirs)).toBe(false);
    expect(one.unchangedLeases(30_000).map(({ identity }) => identity)).toEqual(["two"]);
  });

  test("without supervisor is nobody's at once", async () => {
    const { join } = scene();
    expect((await join("one")).isSupervised(job())).toBe(false);
  });
});

describe("adopting", () => {
  test("writes supervisor, the next epoch and the marks", async () => {
    const { jobs, join } = scene();
    const one = await join("one");
    const known = jobs.add(supervisedBy("two", 4));
    const marks = { labels: { l: "x" }, annotations: { a: "y" } };
    const taken = await one.adopt(known, marks, signal);
    expect(taken).toMatchObject({ labels: { l: "x" }, annotations: { a: "y" } });
    expect(taken && [supervisorOf(taken), epochOf(taken)]).toEqual(["one", 5]);
    expect(one.epoch(known)).toBe(5);
    expect(taken && one.isSupervised(taken)).toBe(true);
  });

  test("goes on when only the Job's status has changed", async () => {
    const { jobs, join } = scene();
    const one = await join("one");
    const known = jobs.add(job({ uid: "u" }));
    jobs.touch(known);
    expect(await one.adopt(known, {}, signal)).toBeDefined();
  });

  test("is for one of two who decided the same", async () => {
    const { jobs, join } = scene();
    const [one, two] = [await join("one"), await join("two")];
    const known = jobs.add(job({ uid: "u" }));
    const both = await Promise.all([one.adopt(known, {}, signal), two.adopt(known, {}, signal)]);
    expect(both.filter((taken) => taken !== undefined)).toHaveLength(1);
  });

  test("knows its own write again when the reply got lost", async () => {
    const { jobs, join } = scene();
    const one = await join("one");
    const known = jobs.add(job({ uid: "u" }));
    jobs.repeatPatches = true; // As a client does after a reset.
    expect(await one.adopt(known, {}, signal)).toBeDefined();
  });

  test.each<[what: string, change: (jobs: MemoryJobs, known: KnownJob) => void]>([
    ["is gone", (jobs, known) => jobs.remove(known)],
    [
      "is deleted",
      (jobs, known) => jobs.change(known, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    ],
    ["is another of its name", (jobs, known) => jobs.change(known, { uid: "other" })],
    ["has another supervisor", (jobs, known) => jobs.change(known, supervisedBy("three", 2))],
  ])("comes to nothing when the Job %s meanwhile", async (_what, change) => {
    const { jobs, join } = scene();
    const one = await join("one");
    const known = jobs.add(job({ uid: "u" }));
    change(jobs, known);
    expect(await one.adopt(known, {}, signal)).toBeUndefined();
    expect(one.epoch(known)).toBeUndefined();
  });
});

describe("a supervisor that was away", () => {
  test("changes nothing of a Job that was taken over, and says who has it", async () => {
    const { clock, jobs, lost, join } = scene();
    const frozen = manualClock();
    const one = await join("one");
    const two = await join("two", frozen);
    const known = jobs.add(job({ uid: "u" }));
    const held = await two.adopt(known, {}, signal);
    await one.look(signal);
    await clock.pass(30_000);
    await one.look(signal);
    const taken = held && (await one.adopt(held, {}, signal));
    expect(taken && epochOf(taken)).toBe(2);

    frozen.freeze(60_000);
    const before = jobs.get(known);
    expect(two.alive).toBe(false);
    expect(await two.write(known, { annotations: { a: "b" } }, signal)).toEqual({
      kind: "lost",
      by: "one",
      epoch: 2,
    });
    expect(await two.remove(known, signal)).toMatchObject({ kind: "lost" });
    expect(await two.letGo(known, {}, signal)).toMatchObject({ kind: "lost" });
    expect(jobs.get(known)).toEqual(before);
    expect(lost).toEqual(["job-1: the process one has it in epoch 2"]);
  });

  test("looks at its Jobs by itself as soon as its Lease is renewed", async () => {
    const { jobs, lost, join } = scene();
    const clock = manualClock();
    const two = await join("two", clock);
    const known = jobs.add(job({ uid: "u" }));
    await two.adopt(known, {}, signal);
    jobs.change(known, supervisedBy("one", 2));
    clock.freeze(60_000);
    await clock.pass(0);
    expect(lost).toEqual(["job-1: the process one has it in epoch 2"]);
  });

  test("goes on with Jobs that are still its own", async () => {
    const { jobs, lost, join } = scene();
    const clock = manualClock();
    const two = await join("two", clock);
    const known = jobs.add(job({ uid: "u" }));
    await two.adopt(known, {}, signal);
    clock.freeze(60_000);
    await clock.pass(0);
    expect(await two.remove(known, signal)).toEqual({ kind: "done" });
    expect(lost).toEqual([]);
  });
});

describe("letting go", () => {
  test("says on the Job that nobody has it, with the last word", async () => {
    const { jobs, join } = scene();
    const [one, two] = [await join("one"), await join("two")];
    const known = jobs.add(job({ uid: "u" }));
    await one.adopt(known, {}, signal);
    await one.letGo(known, { annotations: { cursor: "x" } }, signal);
    const left = jobs.get(known);
    expect(left?.annotations["cursor"]).toBe("x");
    expect(left && [supervisorOf(left), epochOf(left)]).toEqual([undefined, 1]);
    expect(left && two.isSupervised(left)).toBe(false);
    expect(await one.write(known, {}, signal)).toMatchObject({ kind: "lost" });
  });

  test("is said later when the cluster does not answer", async () => {
    const { clock, jobs, join } = scene();
    const one = await join("one");
    const known = jobs.add(job({ uid: "u" }));
    await one.adopt(known, {}, signal);
    jobs.fault = new Error("connect ECONNREFUSED");
    const word = { annotations: { cursor: "x" } };
    await expect(one.letGo(known, word, signal)).rejects.toThrow("ECONNREFUSED");
    jobs.fault = undefined;
    await clock.pass(10_000);
    expect(jobs.get(known)?.annotations["cursor"]).toBe("x");
    expect(jobs.get(known)?.annotations[annotations.supervisor]).toBeUndefined();
  });
});

test("a Job that is created carries the stamp", async () => {
  const { join } = scene();
  const one = await join("one");
  const manifest: JobManifestLike = {
    metadata: { name: "j", namespace: "n", annotations: { a: "b" } },
    spec: {},
  };
  expect(one.stamp(manifest).metadata.annotations).toEqual({
    a: "b",
    [annotations.supervisor]: "one",
    [annotations.epoch]: "1",
  });
});

function supervisedBy(identity: string, epoch = 1): KnownJob {
  const known = job({ uid: "u" });
  const own = { [annotations.supervisor]: identity, [annotations.epoch]: String(epoch) };
  return { ...known, annotations: { ...known.annotations, ...own } };
}
