import { expect, test } from "vitest";
import { verdict } from "../src/index.ts";
import type { Retry, VerdictKind } from "../src/index.ts";
import { summaryOfEvents } from "./support/read.ts";
import { answer, failed, init, result } from "./support/results.ts";

test.each<[what: string, events: object[], kind: VerdictKind, retry: Retry]>([
  ["an answer", [init, answer, result()], "success", "no"],
  [
    "an old result without is_error",
    [{ type: "result", subtype: "success", result: "Done.", session_id: "s" }],
    "success",
    "no",
  ],
  [
    "an answer that quotes an error",
    [init, answer, result({ result: 'API Error: 529 {"type":"result"}' })],
    "success",
    "no",
  ],
  [
    "an answer about turns",
    [
      init,
      answer,
      result({ result: "I hit the max turns, no conversation found with session id 1" }),
    ],
    "success",
    "no",
  ],
  [
    "a subagent's error, then an answer",
    [init, { ...answer, error: "rate_limit", parent_tool_use_id: "t" }, answer, result()],
    "success",
    "no",
  ],
  [
    "a structured answer",
    [
      { ...init, tools: ["StructuredOutput"] },
      answer,
      result({ stop_reason: "tool_use", structured_output: { a: 1 } }),
    ],
    "success",
    "no",
  ],
  ["an unknown stop reason", [init, answer, result({ stop_reason: "brand_new" })], "success", "no"],
  [
    "a slash command",
    [init, result({ num_turns: 0, result: "", local_command: "compact" })],
    "success_local",
    "no",
  ],
  [
    "an old slash command",
    [
      init,
      { type: "user", message: { content: "<local-command-stdout>x</local-command-stdout>" } },
      result({ result: "" }),
    ],
    "success_local",
    "no",
  ],
  [
    "a stop at a tool call",
    [init, answer, result({ stop_reason: "tool_use" })],
    "truncated",
    "later",
  ],
  ["no answer", [init, answer, result({ result: " \n" })], "empty", "later"],
  [
    "a vague error",
    [
      init,
      result({
        subtype: "error_during_execution",
        is_error: true,
        result: undefined,
        errors: ["[ede_diagnostic] x"],
      }),
    ],
    "empty",
    "later",
  ],
  [
    "a vague old error with is_error false",
    [init, result({ subtype: "error_during_execution", result: undefined })],
    "empty",
    "later",
  ],
  [
    "max turns, is_error false",
    [init, answer, result({ subtype: "error_max_turns", result: undefined })],
    "max_turns",
    "no",
  ],
  [
    "max budget",
    [init, result({ subtype: "error_max_budget_usd", is_error: true })],
    "max_budget",
    "no",
  ],
  [
    "a schema not met",
    [init, result({ subtype: "error_max_structured_output_retries", is_error: true })],
    "schema",
    "later",
  ],
  [
    "a schema ignored",
    [{ ...init, tools: ["StructuredOutput"] }, answer, result()],
    "schema",
    "later",
  ],
  [
    "an interrupt",
    [
      init,
      result({
        subtype: "error_during_execution",
        is_error: true,
        terminal_reason: "aborted_tools",
      }),
    ],
    "interrupted",
    "no",
  ],
  [
    "a refusal",
    [init, ...failed("No.", { stop_reason: "refusal" }, "invalid_request").slice(1)],
    "refusal",
    "no",
  ],
  [
    "an old refusal",
    failed(
      "Claude Code is unable to respond to this request, which appears to violate our Usage Policy",
      {},
      "invalid_request",
    ),
    "refusal",
    "no",
  ],
  [
    "a hook before the prompt",
    [
      init,
      { type: "system", subtype: "informational", content: "blocked", prevent_continuation: true },
      result({ num_turns: 0, result: "blocked" }),
    ],
    "hook_blocked",
    "fix",
  ],
  [
    "a hook before a second prompt",
    [
      init,
      answer,
      result(),
      init,
      { type: "system", subtype: "informational", content: "blocked", prevent_continuation: true },
      result({ num_turns: 0, result: "blocked" }),
    ],
    "hook_blocked",
    "fix",
  ],
  [
    "a good turn after one that a hook blocked",
    [
      init,
      { type: "system", subtype: "informational", content: "b", prevent_continuation: true },
      result({ num_turns: 0, result: "b" }),
      init,
      answer,
      result(),
    ],
    "success",
    "no",
  ],
  [
    "a hook that stopped it",
    [init, answer, result({ result: "", terminal_reason: "hook_stopped" })],
    "hook_stopped",
    "fix",
  ],
  [
    "a full context",
    failed(
      "Prompt is too long · 9 tokens",
      { terminal_reason: "prompt_too_long", api_error_status: 400 },
      "invalid_request",
    ),
    "prompt_too_long",
    "fresh",
  ],
  [
    "an unknown session",
    [
      result({
        subtype: "error_during_execution",
        is_error: true,
        num_turns: 0,
        result: undefined,
        errors: ["No conversation found with session ID: x"],
      }),
    ],
    "unknown_session",
    "fresh",
  ],
  [
    "an unknown session, old form",
    [
      {
        type: "result",
        subtype: "error",
        result: "No conversation found with session id sess_bad",
        is_error: true,
      },
    ],
    "unknown_session",
    "fresh",
  ],
  [
    "a start-up failure",
    [
      result({
        subtype: "error_during_execution",
        is_error: true,
        num_turns: 0,
        errors: ["x"],
        startup_failure_reason: "cwd_unavailable",
      }),
    ],
    "startup",
    "fix",
  ],
  [
    "a start-up failure without a reason field",
    [
      result({
        subtype: "error_during_execution",
        is_error: true,
        num_turns: 0,
        result: undefined,
        errors: ["Configuration error in x"],
      }),
    ],
    "startup",
    "fix",
  ],
])("%s", (_what, events, kind, retry) => {
  const said = verdict(summaryOfEvents(...events));
  expect(said).toMatchObject({ kind, retry, ok: kind === "success" || kind === "success_local" });
  expect(said.message).not.toMatch(/\{"|\n/);
  expect(said.evidence.length).toBeGreaterThan(0);
});
