import { exited, type Row } from "./evidence.ts";
import { healthy } from "./transcript.ts";

const [init = "", said = ""] = healthy;

/** A result event with these members. */
export function result(fields: Record<string, unknown>): string {
  const base = {
    type: "result",
    subtype: "success",
    is_error: true,
    session_id: "s",
    num_turns: 1,
  };
  return JSON.stringify({ ...base, ...fields });
}

const limit = JSON.stringify({
  type: "rate_limit_event",
  rate_limit_info: { status: "rejected", resetsAt: 1_800_000_000, rateLimitType: "five_hour" },
});

const transient = { errorCode: "claude_transient_upstream", family: "transient_upstream" } as const;

/** What `claude` may say last, and what it means. */
export const lastWords: readonly Row[] = [
  [
    "a subscription's limit is used up: not before it ends",
    exited(1),
    [
      init,
      limit,
      result({
        api_error_status: 429,
        api_error: "usage_limit_reached",
        result: "You've hit your limit",
      }),
    ],
    { errorCode: "provider_quota", retryNotBefore: "2027-01-15T08:00:00.000Z" },
  ],
  [
    "the rate limit was hit",
    exited(1),
    [
      init,
      result({
        api_error_status: 429,
        api_error_type: "rate_limit_error",
        result: "API Error: 429",
      }),
    ],
    transient,
  ],
  [
    "the API fails",
    exited(1),
    [
      init,
      result({ api_error_status: 500, api_error_type: "api_error", result: "API Error: 500" }),
    ],
    transient,
  ],
  [
    "the API cannot be reached",
    exited(1),
    [init, result({ api_error: "connection_failed", result: "API Error: Connection error." })],
    transient,
  ],
  [
    "the account cannot pay",
    exited(1),
    [
      init,
      result({
        api_error_status: 400,
        api_error_type: "billing_error",
        result: "Credit balance is too low",
      }),
    ],
    { errorCode: "claude_billing" },
  ],
  [
    "the model refuses",
    exited(0),
    [init, said, result({ is_error: false, stop_reason: "refusal", result: "no" })],
    { errorCode: "claude_refusal", family: "model_refusal", stopReason: "refusal" },
  ],
  [
    "the conversation is too long: a new session",
    exited(1),
    [init, said, result({ terminal_reason: "prompt_too_long", result: "Prompt is too long" })],
    { errorCode: "claude_context_full", clearSession: true },
  ],
  [
    "the cost's limit stopped it",
    exited(1),
    [init, said, result({ subtype: "error_max_budget_usd" })],
    { errorCode: "claude_budget_exhausted" },
  ],
  [
    "the answer was too long",
    exited(1),
    [
      init,
      said,
      result({ api_error: "max_output_tokens", result: "exceeded the 32000 output token maximum" }),
    ],
    { errorCode: "claude_output_limit" },
  ],
  [
    "the API refused the request",
    exited(1),
    [
      init,
      said,
      result({
        api_error_status: 400,
        api_error_type: "invalid_request_error",
        result: "API Error: 400 tools.0: bad",
      }),
    ],
    { errorCode: "claude_invalid_request" },
  ],
  [
    "the session holds what the API refuses each time: a new session",
    exited(1),
    [
      init,
      said,
      result({
        api_error_status: 400,
        api_error_type: "invalid_request_error",
        result: "API Error: 400 Could not process image",
      }),
    ],
    { errorCode: "claude_session_poisoned", clearSession: true },
  ],
  [
    "a hook stopped it",
    exited(0),
    [init, said, result({ is_error: false, result: "", terminal_reason: "hook_stopped" })],
    { errorCode: "claude_hook_stopped" },
  ],
  [
    "it was interrupted",
    exited(1),
    [init, said, result({ subtype: "error_during_execution", terminal_reason: "aborted_tools" })],
    { errorCode: "claude_interrupted" },
  ],
  [
    "the provider answered nothing",
    exited(0),
    [init, result({ is_error: false, result: "", stop_reason: "end_turn" })],
    { errorCode: "llm_api_error", family: "transient_upstream" },
  ],
  [
    "it says itself why it cannot start",
    exited(1),
    [
      result({
        subtype: "error_during_execution",
        num_turns: 0,
        startup_failure_reason: "invalid_config",
        errors: ["bad config"],
      }),
    ],
    { errorCode: "claude_init_failed" },
  ],
  [
    "an older version knows no such session, and only says so",
    exited(1),
    ["No conversation found with session ID: 0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a"],
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
    { ...transient, recovery: "continue" },
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
];
