import type { JobEnd, LostWhy, NotStartedWhy } from "@claude-k8s/job-watch";
import { expect, test } from "vitest";
import { classify } from "../src/run/classify.ts";
import type { RunEnd } from "../src/run/model.ts";
import { ended, evidence, exit, exited, fact, type Row } from "./support/evidence.ts";
import { holdsRows } from "./support/rows.ts";
import { healthy } from "./support/transcript.ts";

const [init = "", said = ""] = healthy;
const call = JSON.stringify({
  type: "assistant",
  message: {
    id: "m",
    model: "M",
    content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }],
    usage: { output_tokens: 5 },
  },
});

function notStarted(why: NotStartedWhy, reason: string): RunEnd {
  return ended({ kind: "not-started", why, reason, message: `words of ${why}`, ...fact });
}

function lost(why: LostWhy): RunEnd {
  return ended({ kind: "lost", why, ...fact });
}

const start = { errorCode: "k8s_pod_schedule_failed", recovery: "bootstrap" } as const;
const pod = { errorCode: "k8s_pod_lost", recovery: "continue" } as const;

const rows: Row[] = [
  [
    "no node fits",
    notStarted("unschedulable", "Unschedulable"),
    [],
    { ...start, cause: "unschedulable" },
  ],
  [
    "the image is not there",
    notStarted("image", "ImagePullBackOff"),
    [],
    { ...start, cause: "image" },
  ],
  [
    "a Secret is missing",
    notStarted("config", "CreateContainerConfigError"),
    [],
    { ...start, cause: "config" },
  ],
  ["quota refuses the pod", notStarted("quota", "FailedCreate"), [], { ...start, cause: "quota" }],
  [
    "admission refuses the pod",
    notStarted("admission", "FailedCreate"),
    [],
    { ...start, cause: "admission" },
  ],
  ["an init container failed", notStarted("init", "Error"), [], { ...start, cause: "init" }],
  [
    "the Job's limit passed before it ran",
    notStarted("deadline", "DeadlineExceeded"),
    [],
    { ...start, cause: "deadline" },
  ],
  ["the pod was evicted", lost("evicted"), [init, said], { ...pod, cause: "evicted" }],
  ["the pod was preempted", lost("preempted"), [init, said], { ...pod, cause: "preempted" }],
  ["the node was lost", lost("node"), [init, said], { ...pod, cause: "node" }],
  ["somebody deleted the pod", lost("pod-deleted"), [init, said], { ...pod, cause: "pod-deleted" }],
  [
    "somebody deleted the Job",
    ended({ kind: "deleted", ...fact }),
    [init],
    { errorCode: "k8s_job_deleted_externally", cause: "deleted" },
  ],
  [
    "the Job's own limit passed",
    ended({ kind: "deadline", ...fact }),
    [init, said],
    { errorCode: "timeout", cause: "job-limit", timedOut: true },
  ],
  [
    "it ran out of memory before it answered",
    exited(137, { reason: "OOMKilled", oom: { limit: "512Mi" } }),
    [init],
    { errorCode: "k8s_oom_killed", cause: "oom" },
  ],
  [
    "it ran out of memory in the middle",
    exited(137, { reason: "OOMKilled", oom: {} }),
    [init, said],
    { errorCode: "claude_truncated", cause: "oom" },
  ],
  [
    "it was killed for another reason",
    exited(137),
    [init, said],
    { errorCode: "claude_truncated", family: "transient_upstream" },
  ],
  [
    "the program ran twice",
    ended({ kind: "repeated", ...fact }),
    [init],
    { errorCode: "k8s_run_repeated", cause: "repeated" },
  ],
];

holdsRows(rows);

const emptyReply = JSON.stringify({
  type: "assistant",
  message: { id: "m", model: "M", content: [], stop_reason: null, usage: { output_tokens: 0 } },
});

test.each([
  [
    "ran out of memory",
    exited(137, { reason: "OOMKilled", signal: "SIGKILL", oom: {} }),
    "k8s_oom_killed",
  ],
  ["was killed", exited(143, { signal: "SIGTERM" }), "claude_truncated"],
  ["exited", exited(1), "llm_api_error"],
] as const)("an empty reply of a program that %s", (_what, end, code) => {
  expect(classify(evidence(end, [init, emptyReply])).errorCode).toBe(code);
});

test("a kill that nothing explains is not called a lack of memory", () => {
  expect(classify(evidence(exited(137), [init, said])).cause).toBeUndefined();
});

test("a lack of memory is told with its limit, the last tool call and what to do", () => {
  const end = exited(137, { reason: "OOMKilled", oom: { limit: "8Gi" } });
  const { errorMessage } = classify(evidence(end, [init, said, call]));
  for (const part of ["exit code 137", "limit 8Gi", "Bash", "resources.limits.memory"])
    expect(errorMessage).toContain(part);
});

test.each<[string, JobEnd]>([
  [
    "an eviction",
    {
      kind: "lost",
      why: "evicted",
      evidence: [
        { source: "pod", fact: "pod p: DisruptionTarget TerminationByKubelet: low on memory" },
      ],
      sure: true,
    },
  ],
  [
    "a deletion",
    {
      kind: "deleted",
      exit: exit(143),
      evidence: [{ source: "job", fact: "Job: a stop was asked for at 2026-01-01T00:00:00Z" }],
      sure: true,
    },
  ],
])("%s quotes what was seen of it", (_what, end) => {
  expect(classify(evidence(ended(end), [init, said])).errorMessage).toContain(
    end.evidence[0]?.fact,
  );
});

test.each([
  ["run", "timeout", "run-limit", true],
  ["idle", "timeout", "idle-limit", true],
  ["start", "k8s_pod_schedule_failed", "start-limit", undefined],
] as const)("the limit %s that passed is named", (limit, errorCode, cause, timedOut) => {
  const reason = { kind: "deadline", limit, limitMs: 5_000 } as const;
  const end = { kind: "stopped", reason, outcome: undefined, exit: undefined } as const;
  const lines = limit === "start" ? [] : [init, said];
  const outcome = classify(evidence(end, lines));
  expect({ ...outcome }).toMatchObject({ errorCode, cause });
  expect(outcome.timedOut).toBe(timedOut);
  expect(outcome.recovery).toBe(limit === "start" ? "bootstrap" : "continue");
  expect(outcome.errorMessage).toContain("5 s");
});

test("a program that was stopped after its result has the result's outcome", () => {
  const reason = { kind: "after-result", limitMs: 5_000, openTasks: ["b"] } as const;
  const end = { kind: "stopped", reason, outcome: undefined, exit: exit(143) } as const;
  expect(classify(evidence(end, healthy))).toEqual({ cause: "after-result-limit" });
});
