import { expect, test } from "vitest";
import { classify } from "../src/run/classify.ts";
import { ended, evidence, exit, exited, fact, type Row } from "./support/evidence.ts";
import { holdsRows } from "./support/rows.ts";
import { healthy } from "./support/transcript.ts";

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

const bootstrap = "bootstrap";

const rows: Row[] = [
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
    [init, result({ num_turns: 0, result: "No conversation found with session id x" })],
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
    [init, result({ subtype: "error_max_structured_output_retries" })],
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
    "the volume has not what was put there",
    exited(66),
    ["claude-k8s-run: /claude-k8s/bundle/agent-instructions.md is not there"],
    { errorCode: "k8s_pod_schedule_failed", cause: "volume", recovery: bootstrap },
  ],
  [
    "it ends with the same number by itself",
    exited(66),
    ["claude: /x is not there"],
    { errorCode: "claude_init_failed" },
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

holdsRows(rows);

test("success says nothing at all", () => {
  expect(classify(evidence(exited(0), healthy))).toEqual({});
});

test("the end of the log, which the kubelet takes for a message, is not quoted as far as it is the protocol", () => {
  const message = (text: string) =>
    classify(evidence(exited(137, { reason: "OOMKilled", message: text }), [init, said]))
      .errorMessage ?? "";
  expect(message(`${init}\n${said}\n{"type":"assis`)).not.toMatch(/message=|"type"/);
  expect(message(`${said}\nsh: fork: Cannot allocate memory\n`)).toContain(
    "message=sh: fork: Cannot allocate memory",
  );
  // Cut to its last 2,048 bytes, it begins with a piece of a line.
  const cut = `${"x".repeat(2_100)}\nKilled`.slice(-2_048);
  expect(message(cut)).toContain("message=Killed");
  expect(message(cut)).not.toContain("xxx");
});
