import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import {
  annotations,
  barelyLabel,
  type BlockReason,
  type Claim,
  decide,
  type KnownJob,
  type Supervised,
} from "../src/index.ts";
import { claim, job, labelled, neverLetGo } from "./fixtures.ts";

const older = "2026-01-01T00:00:00Z";
const newer = "2026-01-01T00:00:09Z";

describe("a run is blocked", () => {
  test.each<[reason: BlockReason, when: string, claim: Claim, jobs: KnownJob[]]>([
    ["same-run-active", "its own Job runs", claim(), [job({ runId: "run-2" })]],
    ["reattach-disabled", "adopting is off", claim({ allowReattach: false }), [job()]],
    ["task-unknown", "it has no task", claim({ taskId: undefined }), [job()]],
    ["task-unknown", "its task is empty", claim({ taskId: "" }), [job({ taskId: "" })]],
    ["task-unknown", "the Job has no task", claim(), [job({ taskId: "" })]],
    ["other-task", "the Job has another task", claim(), [job({ taskId: "task-b" })]],
    ["other-session", "the Job has another session", claim(), [job({ sessionId: "s-2" })]],
    ["other-task", "task and session differ", claim(), [job({ taskId: "b", sessionId: "s-2" })]],
    [
      "same-run-active",
      "its own Job runs, although adopting is off",
      claim({ allowReattach: false }),
      [job({ runId: "run-2" })],
    ],
    [
      "reattach-disabled",
      "adopting is off and the task unknown",
      claim({ allowReattach: false, taskId: undefined }),
      [job()],
    ],
  ])("with %s when %s", (reason, _when, wanted, jobs) => {
    expect(decide(wanted, jobs)).toEqual({ kind: "blocked", reason, jobs });
  });

  test("by the newest Job, whatever an older one says", () => {
    const match = job({ name: "old", creationTimestamp: older });
    const other = job({ name: "new", creationTimestamp: newer, taskId: "task-b" });
    for (const jobs of [
      [match, other],
      [other, match],
    ])
      expect(decide(claim(), jobs)).toEqual({
        kind: "blocked",
        reason: "other-task",
        jobs: [other],
      });
  });

  test("by the newest of several reasons", () => {
    const session = job({ name: "new", creationTimestamp: newer, sessionId: "s-2" });
    const task = job({ name: "old", creationTimestamp: older, taskId: "task-b" });
    expect(decide(claim(), [task, session])).toMatchObject({ reason: "other-session" });
  });

  test("by an older Job when the newest matches", () => {
    const match = job({ name: "new", creationTimestamp: newer });
    const other = job({ name: "old", creationTimestamp: older, taskId: "task-b" });
    expect(decide(claim(), [other, match])).toMatchObject({ reason: "other-task", jobs: [other] });
  });

  test("by its own Job, although a newer one matches", () => {
    const mine = job({ name: "mine", creationTimestamp: older, runId: "run-2" });
    const match = job({ name: "new", creationTimestamp: newer });
    expect(decide(claim(), [match, mine])).toMatchObject({
      reason: "same-run-active",
      jobs: [mine],
    });
  });

  test("by two Jobs that both match, for one would stay beside the other", () => {
    const jobs = [job({ name: "b", creationTimestamp: newer }), job({ name: "a" })];
    expect(decide(claim(), jobs.toReversed())).toEqual({
      kind: "blocked",
      reason: "several-active",
      jobs,
    });
  });
});

describe("a run adopts", () => {
  test.each<[when: string, claim: Claim, job: KnownJob]>([
    ["the same task and session", claim(), job()],
    ["the same task, no session wanted", claim({ sessionId: undefined }), job()],
    ["the same task, the Job without session", claim(), job({ sessionId: "" })],
    ["the same task, no session on either side", claim({ sessionId: "" }), job({ sessionId: "" })],
    ["a Job without run", claim(), job({ runId: "" })],
    ["a Job that somebody suspended after it ran", claim(), job({ suspended: true })],
  ])("%s", (_when, wanted, known) => {
    expect(decide(wanted, [known])).toEqual({ kind: "reattach", job: known, state: "running" });
  });

  test("a Job without a ready pod as pending", () => {
    expect(decide(claim(), [job({ readyPods: 0 })])).toMatchObject({ state: "pending" });
  });

  test("by labels where annotations are missing", () => {
    const labels = {
      "paperclip.io/run-id": "run-1",
      "paperclip.io/task-id": "task-a",
      "paperclip.io/session-id": "s-1",
    };
    expect(decide(claim(), [job({ labels, annotations: {} })])).toMatchObject({ kind: "reattach" });
  });

  test("by annotations where the label had to be changed", () => {
    const labels = { "paperclip.io/task-id": "task-a-h0123456789" };
    const known = job({ labels, taskId: "task/a" });
    expect(decide(claim({ taskId: "task/a" }), [known])).toMatchObject({ kind: "reattach" });
  });
});

describe("a run may start", () => {
  test.each<[when: string, jobs: KnownJob[]]>([
    ["there is no Job", []],
    ["the Job is complete and its own", [job({ ended: "complete", runId: "run-2" })]],
    ["a Job of another task has failed", [job({ ended: "failed", taskId: "task-b" })]],
    ["a Job that ended is kept, its result read", [kept()]],
    ["a Job ended after a stop", [job({ ended: "failed", cancelRequested: newer })]],
    [
      "the Job is being deleted, and no pod of it runs",
      [job({ deletionTimestamp: newer, runId: "run-2", readyPods: 0 })],
    ],
    ["the Job was never let go", [job(neverLetGo)]],
    ["the Job is another agent's", [withAgent("b")]],
  ])("when %s", (_when, jobs) => {
    expect(decide(claim(), jobs)).toEqual({ kind: "clear" });
    expect(decide(claim({ allowReattach: false }), jobs)).toEqual({ kind: "clear" });
  });
});

describe("with what is known of the Job's supervisor", () => {
  test.each<[supervised: Supervised, changes: Parameters<typeof job>[0], expected: object]>([
    [true, {}, { kind: "blocked", reason: "concurrent" }],
    [true, { taskId: "task-b" }, { kind: "blocked", reason: "concurrent" }],
    [true, { runId: "run-2" }, { kind: "blocked", reason: "same-run-active" }],
    [true, { cancelRequested: newer }, { kind: "blocked", reason: "concurrent" }],
    [true, { ended: "complete" }, { kind: "clear" }],
    [true, { deletionTimestamp: newer, readyPods: 0 }, { kind: "clear" }],
    [true, { deletionTimestamp: newer }, { kind: "blocked", reason: "being-stopped" }],
    [
      false,
      { deletionTimestamp: newer, readyPods: 0, terminatingPods: 1 },
      { kind: "blocked", reason: "being-stopped" },
    ],
    [false, { deletionTimestamp: newer, ended: "failed" }, { kind: "clear" }],
    ["unknown", {}, { kind: "blocked", reason: "supervision-unknown" }],
    ["unknown", { taskId: "task-b" }, { kind: "blocked", reason: "other-task" }],
    ["unknown", { ended: "failed" }, { kind: "blocked", reason: "supervision-unknown" }],
    ["unknown", { ended: "failed", taskId: "task-b" }, { kind: "clear" }],
    [false, {}, { kind: "reattach", state: "running" }],
    [false, { readyPods: 0 }, { kind: "reattach", state: "pending" }],
    [false, { cancelRequested: newer }, { kind: "blocked", reason: "being-stopped" }],
    [false, { ended: "complete" }, { kind: "reattach", state: "finished" }],
    [false, { ended: "failed" }, { kind: "reattach", state: "finished" }],
    [false, { ended: "complete", sessionId: "s-2" }, { kind: "clear" }],
    [false, { ended: "complete", taskId: "" }, { kind: "clear" }],
    [false, { ended: "complete", runId: "" }, { kind: "clear" }],
    [false, { ended: "complete", deletionTimestamp: newer }, { kind: "clear" }],
  ])("%s, and a Job with %o: %o", (supervised, changes, expected) => {
    expect(decide(claim(), [job(changes)], () => supervised)).toMatchObject(expected);
  });

  test("adopting off leaves a finished Job alone", () => {
    const ended = job({ ended: "complete" });
    expect(decide(claim({ allowReattach: false }), [ended])).toEqual({ kind: "clear" });
  });

  test("an active Job comes before one that has ended", () => {
    const ended = job({ name: "ended", ended: "complete", creationTimestamp: newer });
    const active = job({ name: "active", creationTimestamp: older });
    for (const jobs of [
      [ended, active],
      [active, ended],
    ])
      expect(decide(claim(), jobs)).toMatchObject({ job: active, state: "running" });
  });

  test("of several that have ended, that of the repeated run is collected, else the newest", () => {
    const first = job({ name: "a", runId: "r-a", ended: "complete", creationTimestamp: older });
    const second = job({ name: "b", runId: "r-b", ended: "complete", creationTimestamp: newer });
    expect(decide(claim(), [first, second])).toMatchObject({ job: second });
    expect(decide(claim({ retryOfRunId: "r-a" }), [second, first])).toMatchObject({ job: first });
  });

  test("the order of the Jobs never matters", () => {
    const one = fc.record({
      changes: fc.record({
        taskId: fc.constantFrom("task-a", "task-b", ""),
        sessionId: fc.constantFrom("s-1", "s-2", ""),
        runId: fc.constantFrom("run-1", "run-2", "run-3"),
        ended: fc.constantFrom(undefined, "complete" as const),
        readyPods: fc.constantFrom(0, 1),
      }),
      supervised: fc.constantFrom<Supervised>(true, false, "unknown"),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), (all) => {
        const jobs = all.map(({ changes }, at) =>
          job({
            ...changes,
            name: `job-${at}`,
            creationTimestamp: new Date(at * 1_000).toISOString(),
          }),
        );
        const look = (known: KnownJob): Supervised =>
          all[Number(known.name.slice(4))]?.supervised ?? false;
        const forwards = decide(claim(), jobs, look);
        expect(decide(claim(), jobs.toReversed(), look)).toEqual(forwards);
      }),
    );
  });
});

describe("guarded by task", () => {
  test.each<[result: string, when: string, claim: Claim, job: KnownJob]>([
    ["clear", "the Job holds another key", byTask(), job({ guardKey: "k", taskId: "b" })],
    ["clear", "an old Job has another task", byTask(), job({ taskId: "task-b" })],
    ["reattach", "an old Job has this task", byTask(), job()],
    ["blocked", "an old Job has no task", byTask(), job({ taskId: "" })],
    ["reattach", "the Job holds this key", byTask(), job({ guardKey: "agent:a:task:task-a" })],
  ])("it is %s when %s", (result, _when, wanted, known) => {
    expect(decide(wanted, [known]).kind).toBe(result);
  });
});

describe("a Job that has only labels, its ids without the characters that labels cannot hold", () => {
  test.each<[result: string, when: string, claim: Partial<Claim>, job: Partial<KnownJob>]>([
    ["reattach", "the ids are the same", {}, labelled("run-1", "task-a", "s-1")],
    ["reattach", "it has no session", {}, labelled("run-1", "task-a")],
    ["same-run-active", "its run may be this one", { runId: "run/2" }, labelled("run2", "task-a")],
    ["task-unknown", "its task may be this one", { taskId: "task/a" }, labelled("run-1", "taska")],
    [
      "task-unknown",
      "so too with one Job a task",
      { taskId: "task/a", guardScope: "task" },
      labelled("run-1", "taska"),
    ],
    [
      "task-unknown",
      "its task was cut to the length of a label",
      { taskId: "t".repeat(70) },
      labelled("run-1", "t".repeat(63)),
    ],
    ["other-task", "it is another", { taskId: "task/a" }, labelled("run-1", "task-a")],
    [
      "reattach",
      "its session may be this one",
      { sessionId: "s/1" },
      labelled("run-1", "task-a", "s1"),
    ],
    ["other-session", "it is another", { sessionId: "s/1" }, labelled("run-1", "task-a", "s-1")],
    ["other-task", "an annotation says it whole", { taskId: "task/a" }, { labels: {} }],
    [
      "reattach",
      "it is suspended and was not made here",
      {},
      { ...labelled("run-1", "task-a"), suspended: true },
    ],
  ])("%s when %s", (result, _when, wanted, known) => {
    const answer = decide(claim(wanted), [job(known)]);
    expect(answer.kind === "blocked" ? answer.reason : answer.kind).toBe(result);
  });

  test.each<[collected: boolean, when: string, claim: Partial<Claim>, marks: object]>([
    [true, "nobody keeps finished Jobs", {}, {}],
    [false, "they are kept, and nothing says that it was not read", { keepsFinished: true }, {}],
    [true, "this run repeats its run", { keepsFinished: true, retryOfRunId: "run-1" }, {}],
    [false, "it repeats another", { keepsFinished: true, retryOfRunId: "run-0" }, {}],
    [true, "it was followed here", { keepsFinished: true }, { [annotations.epoch]: "1" }],
  ])("once it has ended is collected (%s) when %s", (collected, _when, wanted, marks) => {
    const ended = job({ ...labelled("run-1", "task-a"), ended: "complete" });
    const { kind } = decide(claim(wanted), [{ ...ended, annotations: { ...marks } }]);
    expect(kind).toBe(collected ? "reattach" : "clear");
  });
});

test.each([
  ["run/1", "run1"],
  ["-a_b.c-", "a_b.c"],
  ["x".repeat(64), "x".repeat(63)],
  ["/@/", ""],
])("%s is left as %s in a label", (id, label) => {
  expect(barelyLabel(id)).toBe(label);
});

function withAgent(agentId: string): KnownJob {
  const running = job();
  return {
    ...running,
    annotations: { ...running.annotations, [annotations.agentId]: agentId },
  };
}

function kept(): KnownJob {
  const ended = job({ ended: "complete" });
  return { ...ended, annotations: { ...ended.annotations, "claude-k8s/collected-at": newer } };
}

function byTask(): Claim {
  return claim({ guardScope: "task", guardKey: "agent:a:task:task-a" });
}
