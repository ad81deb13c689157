import type { ContainerExit, JobEnd } from "@claude-k8s/job-watch";
import { KubeHttpError } from "@claude-k8s/kube-http";
import { OrphanGuardError } from "@claude-k8s/orphan-guard";
import { expect, test } from "vitest";
import { AdapterError } from "../src/errors.ts";
import { classify } from "../src/run/classify.ts";
import type { RunEnd, RunEvidence } from "../src/run/model.ts";
import type { Outcome } from "../src/run/outcome.ts";
import { runTranscript } from "../src/run/transcript.ts";
import { healthy } from "./support/transcript.ts";

const exit = (code: number | undefined, rest: Partial<ContainerExit> = {}): ContainerExit => ({
  container: "claude",
  code,
  ...rest,
});
const fact = { evidence: [{ source: "pod" as const, fact: "seen" }], sure: true };
const ended = (end: JobEnd): RunEnd => ({ kind: "ended", end, logEnd: "verified" });
const exited = (code: number | undefined, rest: Partial<ContainerExit> = {}): RunEnd =>
  ended({ kind: "exited", exit: exit(code, rest), ...fact });
const denied = new KubeHttpError("KUBE_DENIED", "cannot create jobs", { status: 403 });
const away = new KubeHttpError("KUBE_UNREACHABLE", "connect ECONNREFUSED");
const quota = new KubeHttpError("KUBE_DENIED", "jobs is forbidden: exceeded quota: runs", {
  status: 403,
});

const [init = "", said = ""] = healthy;
const result = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    type: "result",
    subtype: "success",
    is_error: true,
    session_id: "s",
    num_turns: 1,
    ...fields,
  });
const empty = JSON.stringify({
  type: "assistant",
  message: {
    id: "m",
    model: "M",
    content: [],
    stop_reason: null,
    usage: { input_tokens: 5, output_tokens: 0 },
  },
});

function evidence(end: RunEnd, lines: readonly string[]): RunEvidence {
  const transcript = runTranscript();
  for (const line of lines) transcript.push(`${line}\n`, 1);
  const job = { namespace: "runs", name: "claude-x", uid: "u", reattached: false };
  return {
    end,
    job,
    pod: "claude-x-abc",
    hasStarted: lines.length > 0,
    transcript: transcript.end(),
  };
}

const bootstrap = "bootstrap";
const rows: [when: string, end: RunEnd, lines: readonly string[], wanted: Partial<Outcome>][] = [
  [
    "the guard cannot be asked",
    { kind: "fault", stage: "guard", error: away },
    [],
    {
      errorCode: "k8s_concurrency_guard_unreachable",
      family: "transient_upstream",
      recovery: bootstrap,
    },
  ],
  [
    "the guard may not ask",
    {
      kind: "fault",
      stage: "guard",
      error: new OrphanGuardError("ORPHAN_GUARD_DENIED", "no", { cause: denied }),
    },
    [],
    { errorCode: "configuration_incomplete", recovery: bootstrap },
  ],
  [
    "there is no cluster",
    { kind: "fault", stage: "guard", error: new AdapterError("ADAPTER_NO_CLUSTER", "none") },
    [],
    { errorCode: "configuration_incomplete", incomplete: "none" },
  ],
  [
    "creation fails",
    { kind: "fault", stage: "create", error: new Error("boom") },
    [],
    { errorCode: "k8s_job_create_failed", errorMessage: "boom", recovery: bootstrap },
  ],
  [
    "quota refuses the Job",
    { kind: "fault", stage: "create", error: quota },
    [],
    { errorCode: "k8s_job_create_failed", family: "transient_upstream" },
  ],
  [
    "a right to create is missing",
    { kind: "fault", stage: "create", error: denied },
    [],
    { errorCode: "configuration_incomplete", recovery: bootstrap },
  ],
  [
    "a right to read is missing while it runs",
    { kind: "fault", stage: "follow", error: denied },
    [init],
    { errorCode: "configuration_incomplete" },
  ],
  [
    "following is given up",
    { kind: "fault", stage: "follow", error: away },
    [init],
    { errorCode: "k8s_job_state_unknown", family: "transient_upstream", recovery: "continue" },
  ],
  [
    "this run's Job is active",
    { kind: "blocked", reason: "same-run-active", jobs: ["j"] },
    [],
    { errorCode: "k8s_concurrent_run_blocked", family: "transient_upstream", recovery: bootstrap },
  ],
  [
    "another run of this process has it",
    { kind: "blocked", reason: "concurrent", jobs: ["j"] },
    [],
    { errorCode: "k8s_concurrent_run_blocked" },
  ],
  [
    "adopting is off",
    { kind: "blocked", reason: "reattach-disabled", jobs: ["j"] },
    [],
    { errorCode: "k8s_concurrent_run_blocked" },
  ],
  [
    "an orphan has another task",
    { kind: "blocked", reason: "other-task", jobs: ["j"] },
    [],
    { errorCode: "k8s_concurrent_run_blocked" },
  ],
  [
    "an orphan has no task",
    { kind: "blocked", reason: "task-unknown", jobs: ["j"] },
    [],
    { errorCode: "k8s_orphan_task_unknown" },
  ],
  [
    "an orphan has another session",
    { kind: "blocked", reason: "other-session", jobs: ["j"] },
    [],
    { errorCode: "k8s_orphan_session_mismatch" },
  ],
  [
    "an orphan has no pod",
    { kind: "no-pod", job: "j" },
    [],
    { errorCode: "k8s_pod_reattach_failed" },
  ],
  [
    "it was cancelled and is gone",
    {
      kind: "stopped",
      reason: { kind: "cancelled", message: "Stop" },
      outcome: { kind: "gone", forced: true },
      exit: undefined,
    },
    [init],
    {
      errorCode: "cancelled",
      errorMessage: "Stop",
      acknowledged: { forced: true },
      recovery: "continue",
    },
  ],
  [
    "it was cancelled before it had a Job",
    {
      kind: "stopped",
      reason: { kind: "cancelled", message: "Stop" },
      outcome: undefined,
      exit: undefined,
    },
    [],
    { errorCode: "cancelled", acknowledged: { forced: false }, recovery: bootstrap },
  ],
  [
    "its limit passed",
    {
      kind: "stopped",
      reason: { kind: "deadline", limitMs: 5_000 },
      outcome: undefined,
      exit: undefined,
    },
    [init],
    { errorCode: "timeout", timedOut: true, recovery: "continue" },
  ],
  [
    "the server shuts down",
    { kind: "stopped", reason: { kind: "host-shutdown" }, outcome: undefined, exit: undefined },
    [init],
    { errorCode: "k8s_run_detached", family: "transient_upstream", recovery: "continue" },
  ],
  [
    "the lease is lost",
    { kind: "stopped", reason: { kind: "lease-lost" }, outcome: undefined, exit: undefined },
    [init],
    { errorCode: "k8s_run_detached" },
  ],
  [
    "no node fits",
    ended({
      kind: "not-started",
      why: "unschedulable",
      reason: "Unschedulable",
      message: "0/1",
      ...fact,
    }),
    [],
    { errorCode: "k8s_pod_schedule_failed", recovery: bootstrap },
  ],
  [
    "the image's name is wrong",
    ended({
      kind: "not-started",
      why: "image",
      reason: "InvalidImageName",
      message: "A B",
      ...fact,
    }),
    [],
    { errorCode: "configuration_incomplete", recovery: bootstrap },
  ],
  [
    "the Job's own limit passed",
    ended({ kind: "deadline", ...fact }),
    [init],
    { errorCode: "timeout", timedOut: true },
  ],
  ["all went well", exited(0), healthy, {}],
  ["all went well and the exit code is unknown", ended({ kind: "deleted", ...fact }), healthy, {}],
  [
    "the session is unknown",
    exited(1),
    [init, result({ result: "No conversation found with session id x" })],
    { errorCode: "session_unavailable", clearSession: true },
  ],
  [
    "the turns are used up",
    exited(1),
    [init, said, result({ subtype: "error_max_turns" })],
    { errorCode: "max_turns_exhausted", stopReason: "max_turns_exhausted", clearSession: true },
  ],
  [
    "the provider is overloaded",
    exited(1),
    [
      init,
      result({
        api_error_status: 529,
        api_error_type: "overloaded_error",
        result: "API Error: 529 Overloaded",
      }),
    ],
    { errorCode: "claude_transient_upstream", family: "transient_upstream", recovery: "continue" },
  ],
  [
    "the login is wrong",
    exited(1),
    [init, result({ api_error_status: 401, result: "Invalid API key" })],
    { errorCode: "claude_auth_required", recovery: "continue" },
  ],
  [
    "the model does not exist",
    exited(1),
    [
      init,
      result({ api_error_status: 404, api_error_type: "not_found_error", result: "model: x" }),
    ],
    { errorCode: "model_not_found" },
  ],
  [
    "the result is another error",
    exited(1),
    [init, result({ subtype: "error_max_budget_usd" })],
    { errorCode: "claude_failed", recovery: "continue" },
  ],
  [
    "the Job was deleted on the way",
    ended({ kind: "deleted", ...fact }),
    [init],
    { errorCode: "k8s_job_deleted_externally", family: "transient_upstream", recovery: "continue" },
  ],
  [
    "the pod was evicted on the way",
    ended({ kind: "lost", why: "evicted", ...fact }),
    [init, said],
    { errorCode: "k8s_pod_lost", family: "transient_upstream" },
  ],
  [
    "the reply was empty",
    exited(1),
    [init, empty],
    { errorCode: "llm_api_error", family: "transient_upstream" },
  ],
  [
    "the answer broke off",
    exited(137, { reason: "OOMKilled" }),
    [init, said],
    { errorCode: "claude_truncated", recovery: "continue" },
  ],
  [
    "nothing proves that it ever ran",
    ended({ kind: "exited", exit: exit(137), evidence: [], sure: false }),
    [],
    { errorCode: "k8s_pod_schedule_failed", recovery: bootstrap },
  ],
  [
    "the image has no claude",
    exited(127),
    ["claude-k8s-run: exec: line 0: claude: not found"],
    { errorCode: "configuration_incomplete", recovery: bootstrap },
  ],
  [
    "it wrote nothing",
    exited(1),
    [],
    { errorCode: "claude_init_failed", errorMessage: "Claude exited with code 1" },
  ],
  ["it began and no more", exited(1), [init], { errorCode: "claude_init_failed" }],
  ["it ended well without a word", exited(0), [], { errorCode: "claude_init_failed" }],
];

test.each(rows)("when %s", (_when, end, lines, wanted) => {
  expect(classify(evidence(end, lines))).toMatchObject(wanted);
});

test("success says nothing at all", () => {
  expect(classify(evidence(exited(0), healthy))).toEqual({});
});

test("a stop that was not verified is not acknowledged, and names what is left", () => {
  const reason = { kind: "cancelled", message: "Stop" } as const;
  const outcome = { kind: "left", what: "the pod claude-x-abc" } as const;
  const answer = classify(evidence({ kind: "stopped", reason, outcome, exit: undefined }, [init]));
  expect(answer.acknowledged).toBeUndefined();
  expect(answer.errorMessage).toBe("Stop; not verified: the pod claude-x-abc");
});

test("every failure carries a code and a sentence", () => {
  for (const [when, end, lines, wanted] of rows) {
    if (wanted.errorCode === undefined) continue;
    const { errorCode, errorMessage } = classify(evidence(end, lines));
    expect([when, errorCode !== undefined, (errorMessage ?? "").length > 3]).toEqual([
      when,
      true,
      true,
    ]);
  }
});
