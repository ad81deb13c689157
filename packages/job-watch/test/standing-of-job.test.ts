import { describe, expect, test } from "vitest";
import { type RawJob, type RawPod, standingOfJob } from "../src/index.ts";

const condition = (type: string, reason?: string) => ({
  type,
  status: "True",
  reason: reason ?? null,
});
const job = (conditions: readonly ReturnType<typeof condition>[] = []): RawJob => ({
  metadata: { name: "run", uid: "u1" },
  status: { conditions },
});
const pod = (state: object, rest: object = {}): RawPod => ({
  metadata: {
    name: "run-x",
    uid: "p1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    ownerReferences: [{ kind: "Job", name: "run", uid: "u1" }],
  },
  spec: { nodeName: "n1", restartPolicy: "Never", terminationGracePeriodSeconds: 10 },
  status: { phase: "Pending", containerStatuses: [{ name: "claude", state }], ...rest },
});
const terminated = {
  exitCode: 3,
  startedAt: "2026-01-01T00:00:01Z",
  finishedAt: "2026-01-01T00:00:02Z",
};
const ended = pod({ terminated }, { phase: "Failed" });

const owned = (name: string, uid: string): RawPod => ({
  ...ended,
  metadata: { ...ended.metadata, ownerReferences: [{ kind: "Job", name, uid }] },
});

describe("a Job by one look", () => {
  test.each<[what: string, RawJob, readonly RawPod[], expected: object]>([
    ["has no pod", job(), [], { phase: "queued" }],
    [
      "is suspended",
      { ...job(), spec: { suspend: true } },
      [],
      { phase: "queued", detail: "the Job is suspended" },
    ],
    [
      "has a pod that starts",
      job(),
      [pod({ waiting: { reason: "ContainerCreating" } })],
      { phase: "starting" },
    ],
    [
      "cannot pull its image",
      job(),
      [pod({ waiting: { reason: "ImagePullBackOff", message: "no such image" } })],
      { phase: "pulling", detail: "no such image" },
    ],
    [
      "runs",
      job(),
      [pod({ running: {} }, { phase: "Running" })],
      {
        phase: "running",
        pod: { name: "run-x", uid: "p1", node: "n1", terminationGraceSeconds: 10 },
      },
    ],
    [
      "has exited, before its condition says so",
      job(),
      [ended],
      { phase: "ending", end: { kind: "exited", sure: true, exit: { code: 3 } } },
    ],
  ])("%s", (_what, one, pods, expected) => {
    expect(standingOfJob(one, pods, "claude")).toMatchObject(expected);
  });

  test("what a grace would decide is no end yet", () => {
    expect(standingOfJob(job([condition("Complete")]), [], "claude")).toEqual({ phase: "ending" });
    const unproven = pod({ terminated: { exitCode: 0 } }, { phase: "Running" });
    expect(standingOfJob(job(), [unproven], "claude").end).toBeUndefined();
  });

  test("pods of other Jobs, also of an earlier one of its name, are not its own", () => {
    const others = [owned("other", "u2"), owned("run", "u0")];
    expect(standingOfJob(job(), others, "claude")).toEqual({ phase: "queued" });
  });
});
