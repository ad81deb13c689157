import { expect, test } from "vitest";
import { redaction } from "../../src/host/redaction.ts";
import type { RunEnd } from "../../src/run/model.ts";
import { nothingSeen } from "../../src/run/observation.ts";
import {
  evidenceOf,
  failureOf,
  failureText,
  namesOf,
} from "../../src/telemetry/span-attributes.ts";
import { evidence, exited } from "../support/evidence.ts";
import { fakeHost } from "../support/fake-host.ts";
import { healthy, sessionId } from "../support/transcript.ts";

const redact = redaction(new Set(["correct-horse-battery"]));

test("at the begin: who runs what", () => {
  expect(namesOf(fakeHost({ runId: "run-7", agentId: "agent-7" }).context)).toEqual({
    "claude_k8s.run_id": "run-7",
    "claude_k8s.agent_id": "agent-7",
    "claude_k8s.task_id": "task-1",
  });
  const nothing = fakeHost({ context: { taskId: undefined } });
  expect(namesOf(nothing.context)).not.toHaveProperty("claude_k8s.task_id");
});

test("at the end: what the Job came to", () => {
  expect(evidenceOf(evidence(exited(0), healthy), redact)).toEqual({
    "k8s.namespace.name": "runs",
    "k8s.job.name": "claude-x",
    "k8s.job.uid": "u",
    "k8s.pod.name": "claude-x-abc",
    "claude_k8s.reattached": false,
    "claude_k8s.end": "exited",
    "claude_k8s.log": "verified",
    "claude_k8s.exit_code": 0,
    "claude_k8s.session_id": sessionId,
  });
});

const cancelled: RunEnd = {
  kind: "stopped",
  reason: { kind: "cancelled", message: "an operator" },
  outcome: undefined,
  exit: undefined,
};

test.each<[when: string, end: RunEnd, wanted: object]>([
  ["a stop", cancelled, { "claude_k8s.end": "stopped", "claude_k8s.stopped_for": "cancelled" }],
  ["no Job", { kind: "fault", stage: "guard", error: "no" }, { "claude_k8s.end": "fault" }],
])("at the end of a run that has nothing more to tell: %s", (_when, end, wanted) => {
  expect(evidenceOf(nothingSeen(end), redact)).toEqual(wanted);
});

function sessionOf(id: string): unknown {
  const line = JSON.stringify({ type: "system", subtype: "init", session_id: id });
  return evidenceOf(evidence(exited(0), [line]), redact)["claude_k8s.session_id"];
}

test("what the program calls its session is cut, and holds no secret", () => {
  expect(sessionOf("correct-horse-battery")).toBe("***REDACTED***");
  expect(String(sessionOf("x".repeat(5_000)))).toHaveLength(200);
});

test("a failure has its code, and its message without secrets", () => {
  const result = {
    errorCode: "k8s_job_create_failed",
    errorMessage: `denied for correct-horse-battery: ${"x".repeat(2_000)}`,
  };
  expect(failureOf(result)).toEqual({
    "claude_k8s.error_code": "k8s_job_create_failed",
    "error.type": "k8s_job_create_failed",
  });
  const text = failureText(result, redact);
  expect(text).toMatch(/^k8s_job_create_failed: denied for \*\*\*REDACTED\*\*\*: x/);
  expect(text.length).toBeLessThanOrEqual(500);
  expect(failureOf({ errorMessage: null })).toEqual({});
});
