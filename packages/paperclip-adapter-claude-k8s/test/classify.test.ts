import { KubeHttpError } from "@claude-k8s/kube-http";
import { OrphanGuardError } from "@claude-k8s/orphan-guard";
import { expect, test } from "vitest";
import { AdapterError } from "../src/errors.ts";
import { classify } from "../src/run/classify.ts";
import { evidence, type Row } from "./support/evidence.ts";
import { holdsRows } from "./support/rows.ts";
import { healthy } from "./support/transcript.ts";

const [init = ""] = healthy;
const call = JSON.stringify({
  type: "assistant",
  message: { id: "m", content: [{ type: "tool_use", id: "t1", name: "Bash", input: {} }] },
});
const answer = JSON.stringify({
  type: "user",
  message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "ok" }] },
});
const denied = new KubeHttpError("KUBE_DENIED", "cannot create jobs", { status: 403 });
const away = new KubeHttpError("KUBE_UNREACHABLE", "connect ECONNREFUSED");
const quota = new KubeHttpError("KUBE_DENIED", "jobs is forbidden: exceeded quota: runs", {
  status: 403,
});

const bootstrap = "bootstrap";

const rows: Row[] = [
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
    "it has a Job in the namespace it was in before",
    { kind: "blocked", reason: "other-namespace", jobs: ["j"], namespace: "before" },
    [],
    {
      errorCode: "k8s_concurrent_run_blocked",
      family: "transient_upstream",
      recovery: bootstrap,
      errorMessage: expect.stringContaining("in the namespace before: Job j"),
    },
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
      reason: { kind: "deadline", limit: "run", limitMs: 5_000 },
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
];

holdsRows(rows);

test("a stop that was not verified is not acknowledged, and names what is left", () => {
  const reason = { kind: "cancelled", message: "Stop" } as const;
  const outcome = { kind: "left", what: "the pod claude-x-abc" } as const;
  const answer = classify(evidence({ kind: "stopped", reason, outcome, exit: undefined }, [init]));
  expect(answer.acknowledged).toBeUndefined();
  expect(answer.errorMessage).toBe("Stop; not verified: the pod claude-x-abc");
});

test.each<[what: string, lines: readonly string[], sessionKept: boolean, wanted: string]>([
  ["nothing half done and the session kept", [init], true, "settled"],
  ["the session lost with its pod", [init], false, "continue"],
  ["a tool that has not answered", [init, call], true, "continue"],
  ["a tool that has answered", [init, call, answer], true, "settled"],
  ["a program that never ran", [], true, "bootstrap"],
])("a verified stop with %s", (_what, lines, sessionKept, wanted) => {
  const reason = { kind: "cancelled", message: "Stop" } as const;
  const outcome = { kind: "gone", forced: false } as const;
  const end = { kind: "stopped", reason, outcome, exit: undefined } as const;
  expect(classify(evidence(end, lines, sessionKept)).recovery).toBe(wanted);
});

test.each([
  ["same-run-active", "stop j"],
  ["concurrent", "stop j"],
  ["several-active", "stop j"],
  ["being-stopped", "stop j"],
  ["other-namespace", "adopt j"],
  ["supervision-unknown", "list"],
  ["reattach-disabled", "adopt j"],
  ["other-task", "adopt j"],
  ["task-unknown", "adopt j"],
  ["other-session", "adopt j"],
] as const)("a run blocked for %s names the command that frees it", (reason, command) => {
  const { errorMessage } = classify(evidence({ kind: "blocked", reason, jobs: ["j"] }, []));
  expect(errorMessage).toContain(`claude-k8s ${command} --all-namespaces`);
});
