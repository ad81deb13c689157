import { describe, expect, test } from "vitest";
import { judge } from "../src/index.ts";
import type { PodNews } from "../src/level.ts";
import { observe, type Seen } from "../src/observe.ts";
import { policyFrom } from "../src/policy.ts";
import { questionOf } from "../src/question.ts";
import { job, jobSuspended, levelOf, pod, podGone, proven, waiting } from "./levels.ts";

const onNode = { spec: { nodeName: "n" } };
const runs = { name: "main", ready: true, state: { running: {} } };
const ready = (status: string, reason?: string) => ({
  type: "Ready",
  status,
  ...(reason === undefined ? {} : { reason }),
});
const marked = pod(
  { phase: "Running", conditions: [ready("False")], containerStatuses: [runs] },
  onNode,
);
const unready = pod(
  {
    phase: "Running",
    conditions: [ready("False", "ContainersNotReady")],
    containerStatuses: [runs],
  },
  onNode,
);
const deleting = pod(
  { phase: "Running", conditions: [ready("True")], containerStatuses: [runs] },
  {
    ...onNode,
    metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 2 },
  },
);
const node = (ready: "True" | "False" | "Unknown" | "gone"): Seen => ({
  kind: "node",
  node: { name: "n", ready, message: "Kubelet stopped posting node status." },
});
const unreadable: Seen = { kind: "node", node: "unreadable" };

const tenMinutes = 600_000;

describe("a node that is away", () => {
  test.each<[when: string, facts: Seen[], fact: RegExp]>([
    [
      "by its own condition",
      [job(), marked, node("Unknown")],
      /node n is not ready: Kubelet stopped/,
    ],
    ["as an object that is gone", [job(), marked, node("gone")], /node n is no longer there/],
    [
      "by the mark on its pod, while nodes may not be read",
      [job(), marked, unreadable],
      /may not be read/,
    ],
    ["by the mark alone", [job(), marked], /marked not ready while its container ran/],
    [
      "under a pod that is being deleted",
      [job(), deleting, node("Unknown")],
      /node n is not ready/,
    ],
  ])("%s: lost only after long, and not for sure", (_when, facts, fact) => {
    const level = levelOf(...facts);
    expect(judge(level, {}, tenMinutes - 1)).toBeUndefined();
    const end = judge(level, {}, tenMinutes);
    expect(end).toMatchObject({ kind: "lost", why: "node", sure: false });
    expect(end?.evidence.map((one) => one.fact).join()).toMatch(fact);
  });

  test.each<[when: string, facts: Seen[]]>([
    ["says that it is ready", [job(), marked, node("True")]],
    ["has a pod that its kubelet calls not ready", [job(), unready]],
  ])("not when it %s", (_when, facts) => {
    expect(judge(levelOf(...facts), {}, 1e12)).toBeUndefined();
  });

  test("an exit that comes after all stands", () => {
    const exit = pod({ containerStatuses: [proven(0)] }, onNode);
    expect(judge(levelOf(job(), marked, node("Unknown"), exit), {}, tenMinutes)).toMatchObject({
      kind: "exited",
      exit: { code: 0 },
    });
  });

  test("a pod that is Terminating for too long counts as one on a lost node", () => {
    const dueMs = 2_000 + 60_000 + tenMinutes;
    expect(judge(levelOf(job(), deleting), {}, dueMs - 1)).toBeUndefined();
    expect(judge(levelOf(job(), deleting), {}, dueMs)).toMatchObject({ why: "node", sure: false });
  });
});

const creating = pod(
  { phase: "Pending", containerStatuses: [waiting("ContainerCreating")] },
  onNode,
);
const news = (latest: string, readAt: number, more: Partial<PodNews> = {}): Seen => ({
  kind: "news",
  news: { pod: "p", latest: { reason: latest, message: "words" }, readAt, ...more },
});

describe("a volume that is missing", () => {
  const policy = policyFrom();
  const first = levelOf(job(), creating, news("FailedMount", 0));

  test("ends the run when a later read finds it still missing", () => {
    expect(judge(first, {}, 1e9)).toBeUndefined();
    const later = observe(first, news("FailedMount", 30_000), policy, 30_000);
    expect(judge(later, {}, 30_000)).toMatchObject({
      kind: "not-started",
      why: "config",
      reason: "FailedMount",
      sure: false,
    });
  });

  test("is forgotten once something better is said", () => {
    const later = observe(first, news("Pulling", 30_000), policy, 30_000);
    expect(judge(later, {}, 1e9)).toBeUndefined();
  });
});

describe("a node that is being added", () => {
  const unscheduled = pod({
    phase: "Pending",
    conditions: [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1" },
    ],
  });
  const added = observe(
    levelOf(job(), unscheduled),
    news("TriggeredScaleUp", 800_000, { scaleUp: "1->2" }),
    policyFrom(),
    800_000,
  );

  test("prolongs the wait for one", () => {
    expect(judge(added, {}, 900_000)).toBeUndefined();
    expect(judge(added, {}, 1_400_000)).toMatchObject({ why: "unschedulable" });
  });

  test("does not for who does not wait", () => {
    expect(judge(added, { unschedulable: "fail" }, 800_000)).toMatchObject({
      why: "unschedulable",
    });
  });
});

describe("an image problem lasts as long as its words let it", () => {
  test.each<[message: string, graceMs: number]>([
    ["failed to resolve reference: x: not found", 10_000],
    ["manifest unknown", 10_000],
    ["pull access denied, repository does not exist or may require authorization", 10_000],
    ["unexpected status: 403 Forbidden", 10_000],
    ["429 Too Many Requests: toomanyrequests", 60_000],
    ["dial tcp: lookup registry: no such host", 60_000],
    ["dial tcp 10.0.0.1:443: connect: connection refused", 60_000],
    ["net/http: TLS handshake timeout", 60_000],
    ["pull QPS exceeded", 60_000],
    ["something nobody has thought of", 60_000],
  ])("%s", (message, graceMs) => {
    const level = levelOf(job(), pod({ containerStatuses: [waiting("ErrImagePull", message)] }));
    expect(judge(level, {}, graceMs - 1)).toBeUndefined();
    expect(judge(level, {}, graceMs)).toMatchObject({ why: "image" });
    expect(judge(level, { imageGraceMs: 5 }, 5)).toMatchObject({ why: "image" });
  });
});

test("a suspended Job's pod that never ran is waited for again; one that ran is lost", () => {
  expect(judge(levelOf(jobSuspended, creating, podGone), {}, 1e12)).toBeUndefined();
  const ran = pod({ phase: "Running", containerStatuses: [runs] });
  expect(judge(levelOf(jobSuspended, ran, podGone), {}, 0)).toMatchObject({
    kind: "lost",
    why: "pod-deleted",
    evidence: [{}, { source: "job", fact: "Job: suspended" }],
  });
});

test.each<[when: string, facts: Seen[], key: string | undefined]>([
  ["nothing was seen", [], undefined],
  ["a Job has no pod", [job()], "podless"],
  ["a Job is suspended", [jobSuspended], undefined],
  ["a container is being created", [job(), creating], "starting p"],
  [
    "the kubelet says what is wrong",
    [job(), pod({ containerStatuses: [waiting("ErrImagePull")] }, onNode)],
    undefined,
  ],
  [
    "a program runs",
    [job(), pod({ phase: "Running", containerStatuses: [runs] }, onNode)],
    undefined,
  ],
  ["a pod is marked not ready", [job(), marked], "node n"],
  ["a pod is being deleted", [job(), deleting], "node n deleting"],
])("what is asked when %s", (_when, facts, key) => {
  expect(questionOf(levelOf(...facts))?.key).toBe(key);
});
