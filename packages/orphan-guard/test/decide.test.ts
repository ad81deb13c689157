import { describe, expect, test } from "vitest";
import { type BlockReason, type Claim, decide, type KnownJob } from "../src/index.ts";
import { claim, job } from "./fixtures.ts";

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
    ["the Job is complete", [job({ ended: "complete", runId: "run-2" })]],
    ["the Job has failed", [job({ ended: "failed" })]],
    ["the Job is being deleted", [job({ deletionTimestamp: newer, runId: "run-2" })]],
    ["the Job was never let go", [job({ suspended: true, annotations: {} })]],
  ])("when %s", (_when, jobs) => {
    expect(decide(claim(), jobs)).toEqual({ kind: "clear" });
    expect(decide(claim({ allowReattach: false }), jobs)).toEqual({ kind: "clear" });
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

function byTask(): Claim {
  return claim({ guardScope: "task", guardKey: "agent:a:task:task-a" });
}
