import { describe, expect, test } from "vitest";
import { judge } from "../src/index.ts";
import type { Seen } from "../src/observe.ts";
import {
  condition,
  job,
  jobDeleting,
  jobGone,
  jobSuspended,
  levelOf,
  pod,
  podGone,
  proven,
  running,
  waiting,
  weak,
} from "./levels.ts";

const failed = (reason: string) => job(condition("Failed", reason));
const runs = pod({ phase: "Running", containerStatuses: [running] });
const exits = (status: ReturnType<typeof proven>) => pod({ containerStatuses: [status] });
const deleting = { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } };
const disrupted = (reason: string) =>
  pod({ conditions: [condition("DisruptionTarget", reason)], containerStatuses: [proven(143)] });
const killed = (code: number) => pod({ containerStatuses: [proven(code)] }, deleting);
const unschedulable = pod({
  phase: "Pending",
  conditions: [
    { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" },
  ],
});
const init = (status: ReturnType<typeof weak>) =>
  pod({ phase: "Pending", initContainerStatuses: [status] });

describe("at once", () => {
  test.each<[when: string, facts: Seen[], end: object]>([
    ["a proven exit", [job(), exits(proven(3))], { kind: "exited", sure: true, exit: { code: 3 } }],
    [
      "a proven exit 0 beside a deadline",
      [failed("DeadlineExceeded"), exits(proven(0))],
      { kind: "exited", exit: { code: 0 } },
    ],
    [
      "a killed program beside a deadline",
      [failed("DeadlineExceeded"), exits(proven(143))],
      { kind: "deadline", exit: { code: 143, signal: "SIGTERM" } },
    ],
    [
      "a killed program of a deleted Job",
      [jobDeleting, killed(137)],
      { kind: "deleted", exit: { signal: "SIGKILL" } },
    ],
    [
      "a proven exit beside an injected container that runs on",
      [
        job(),
        pod({
          phase: "Running",
          containerStatuses: [{ name: "proxy", state: { running: {} } }, proven(0)],
        }),
      ],
      { kind: "exited", sure: true, exit: { container: "main", code: 0 } },
    ],
    [
      "an OOM kill",
      [job(), exits(proven(137, { reason: "OOMKilled" }))],
      { kind: "exited", exit: { code: 137, oom: {} } },
    ],
    [
      "a killed program of a deleted pod",
      [failed("BackoffLimitExceeded"), killed(143)],
      { kind: "lost", why: "pod-deleted", exit: { code: 143 } },
    ],
    [
      "an eviction",
      [job(), disrupted("EvictionByEvictionAPI")],
      { kind: "lost", why: "evicted", exit: { code: 143 } },
    ],
    [
      "a preemption",
      [job(), disrupted("PreemptionByScheduler")],
      { kind: "lost", why: "preempted" },
    ],
    [
      "a container the kubelet lost",
      [job(), exits(proven(137, { reason: "ContainerStatusUnknown" }))],
      { kind: "lost", why: "node", exit: { code: undefined } },
    ],
    [
      "a weak exit and a Complete Job",
      [job(condition("Complete")), exits(weak(0))],
      { kind: "exited", sure: true, exit: { code: 0 } },
    ],
    [
      "a weak exit and a Failed Job",
      [failed("BackoffLimitExceeded"), exits(weak(1))],
      { kind: "exited", sure: true, exit: { code: 1 } },
    ],
    [
      "a weak exit and a deadline",
      [failed("DeadlineExceeded"), exits(weak(0))],
      { kind: "deadline", exit: { code: 0 } },
    ],
    [
      "a weak exit of a Job that is gone",
      [jobGone, exits(weak(0))],
      { kind: "deleted", exit: { code: 0 } },
    ],
    [
      "a weak exit in a Failed pod",
      [job(), pod({ phase: "Failed", containerStatuses: [weak(137, { reason: "OOMKilled" })] })],
      { kind: "exited", sure: false, exit: { reason: "OOMKilled" } },
    ],
    [
      "a pod that its node refused",
      [job(), pod({ phase: "Failed", reason: "OutOfcpu", message: "no cpu" })],
      { kind: "not-started", why: "admission", reason: "OutOfcpu" },
    ],
    [
      "a pod evicted without a status",
      [job(), pod({ phase: "Failed", reason: "Evicted" })],
      { kind: "lost", why: "evicted" },
    ],
    [
      "a failed init container",
      [job(), init(weak(1, { reason: "Error" }, "write-prompt"))],
      {
        kind: "not-started",
        why: "init",
        message: expect.stringContaining("write-prompt"),
        init: { container: "write-prompt", code: 1, reason: "Error" },
      },
    ],
    [
      "an init container's image",
      [job(), init(waiting("ImagePullBackOff", "no", "i"))],
      { kind: "not-started", why: "image" },
    ],
    [
      "a malformed image name",
      [job(), exits(waiting("InvalidImageName"))],
      { kind: "not-started", why: "image", sure: true },
    ],
    [
      "a crash loop",
      [job(), exits(waiting("CrashLoopBackOff"))],
      { kind: "not-started", reason: "CrashLoopBackOff" },
    ],
    [
      "a pod that vanished from a deleted Job",
      [jobDeleting, runs, podGone],
      { kind: "deleted", sure: true },
    ],
    [
      "a deadline whose pod vanished",
      [failed("DeadlineExceeded"), runs, podGone],
      { kind: "deadline", sure: true },
    ],
    [
      "a deadline before the start",
      [failed("DeadlineExceeded"), unschedulable, podGone],
      { kind: "not-started", why: "deadline", reason: "Unschedulable" },
    ],
    [
      "a deadline of a program that nobody saw running, nor kept from it",
      [failed("DeadlineExceeded"), pod({ phase: "Pending" }), podGone],
      { kind: "deadline" },
    ],
    ["a Job that is gone, and no pod", [job(), jobGone], { kind: "deleted", sure: true }],
    [
      "a second pod after one that ran",
      [
        job(),
        runs,
        pod({}, { metadata: { name: "b", uid: "q", creationTimestamp: "2026-01-01T00:00:00Z" } }),
      ],
      { kind: "repeated" },
    ],
  ])("%s", (_when, facts, end) => {
    expect(judge(levelOf(...facts), {}, 0)).toMatchObject(end);
    // Facts come again; and, unless something vanished, in any order.
    const again = [
      ...(facts.includes(podGone) || facts.includes(jobGone) ? [] : facts.toReversed()),
      ...facts,
    ];
    expect(judge(levelOf(...(facts.length < 3 ? again : facts)), {}, 0)).toMatchObject(end);
  });
});

const warned = (message: string): Seen => ({
  kind: "warning",
  warning: { reason: "FailedCreate", message },
});

describe("only after a grace", () => {
  test.each<[when: string, facts: Seen[], graceMs: number, end: object]>([
    [
      "a weak exit",
      [job(), exits(weak(0))],
      30_000,
      { kind: "exited", sure: false, exit: { code: 0 } },
    ],
    [
      "an unschedulable pod",
      [job(), unschedulable],
      900_000,
      { why: "unschedulable", message: "0/1 nodes" },
    ],
    [
      "an image",
      [job(), exits(waiting("ErrImagePull", "no such"))],
      60_000,
      { why: "image", reason: "ErrImagePull" },
    ],
    [
      "a missing Secret",
      [job(), exits(waiting("CreateContainerConfigError"))],
      30_000,
      { why: "config" },
    ],
    ["no pod", [job()], 900_000, { kind: "not-started", reason: "NoPod" }],
    [
      "quota",
      [job(), warned("exceeded quota: q")],
      300_000,
      { why: "quota", reason: "FailedCreate" },
    ],
    ["admission", [job(), warned("violates PodSecurity")], 30_000, { why: "admission" }],
    [
      "a deleted pod, whoever did it",
      [job(), killed(143)],
      5_000,
      { kind: "lost", why: "pod-deleted", exit: { code: 143 } },
    ],
    ["a vanished pod", [job(), runs, podGone], 5_000, { kind: "lost", why: "pod-deleted" }],
    [
      "a Complete Job with a silent pod",
      [job(condition("Complete")), runs],
      5_000,
      { kind: "exited", exit: { code: 0 } },
    ],
    [
      "an ended Job whose pod is not known",
      [failed("BackoffLimitExceeded")],
      5_000,
      { kind: "lost" },
    ],
    ["a Job gone under its pod", [runs, jobGone], 5_000, { kind: "deleted" }],
  ])("%s", (_when, facts, graceMs, end) => {
    const level = levelOf(...facts);
    expect(judge(level, {}, graceMs - 1)).toBeUndefined();
    expect(judge(level, {}, graceMs)).toMatchObject(end);
  });

  test("`fail` does not wait for the scheduler", () => {
    expect(judge(levelOf(job(), unschedulable), { unschedulable: "fail" }, 0)).toMatchObject({
      why: "unschedulable",
    });
  });
});

test.each<[when: string, facts: Seen[]]>([
  ["nothing was seen", []],
  ["the program runs", [job(), runs]],
  ["the Job is suspended", [jobSuspended]],
  ["the pod prepares", [job(), exits(waiting("PodInitializing"))]],
  ["the Job is being deleted and its pod runs", [jobDeleting, runs]],
])("never, while %s", (_when, facts) => {
  expect(judge(levelOf(...facts), {}, 1e12)).toBeUndefined();
});
