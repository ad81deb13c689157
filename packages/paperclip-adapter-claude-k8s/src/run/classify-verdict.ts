import type { ClaudeSummary, Verdict, VerdictKind } from "@claude-k8s/claude-stream-parse";
import type { ErrorCode } from "./error-codes.ts";
import { interrupted, type Outcome } from "./outcome.ts";

/** Makes the outcome of one kind of last word from what `claude` said. */
type Row = (said: string, retryNotBefore: { retryNotBefore?: string }) => Outcome;

const failed: (errorCode: ErrorCode) => Row = (errorCode) => (errorMessage) => ({
  errorCode,
  errorMessage,
  recovery: "continue",
});

/** The same in the same session would meet the same: the next turn begins a new one. */
const inNewSession: (errorCode: ErrorCode) => Row = (errorCode) => (errorMessage) => ({
  errorCode,
  errorMessage,
  clearSession: true,
  recovery: "continue",
});

const upstream: Row = (errorMessage, later) => ({
  ...interrupted("claude_transient_upstream", errorMessage),
  ...later,
});

const success: Row = () => ({});

const poisoned =
  /could not process image|diagnostics\.previous_message_id.*starts with `msg_`|messages\.\d+.*thinking.*cannot be modified/i;

const invalidRequest: Row = (said, later) =>
  (poisoned.test(said)
    ? inNewSession("claude_session_poisoned")
    : failed("claude_invalid_request"))(said, later);

/** Said in words that need no result event, as older versions say them. */
const rows: Partial<Record<VerdictKind, Row>> = {
  success,
  success_local: success,
  unknown_session: inNewSession("session_unavailable"),
  max_turns: (errorMessage) => ({
    errorCode: "max_turns_exhausted",
    errorMessage,
    stopReason: "max_turns_exhausted",
    clearSession: true,
  }),
  usage_limit: (errorMessage, later) => ({
    errorCode: "provider_quota",
    errorMessage,
    family: "provider_quota",
    recovery: "continue",
    ...later,
  }),
  rate_limit: upstream,
  overloaded: upstream,
  server_error: upstream,
  network: upstream,
  auth: failed("claude_auth_required"),
  billing: failed("claude_billing"),
  model_not_found: failed("model_not_found"),
  refusal: (errorMessage) => ({
    errorCode: "claude_refusal",
    errorMessage,
    family: "model_refusal",
    stopReason: "refusal",
    recovery: "continue",
  }),
};

/**
 * Only with a result event. Without one the pod may know better: what looks like a start that failed was
 * killed for its memory.
 */
const rowsOfResult: Partial<Record<VerdictKind, Row>> = {
  empty: (errorMessage) => interrupted("llm_api_error", errorMessage),
  interrupted: failed("claude_interrupted"),
  max_budget: failed("claude_budget_exhausted"),
  max_output_tokens: failed("claude_output_limit"),
  prompt_too_long: inNewSession("claude_context_full"),
  hook_blocked: failed("claude_hook_stopped"),
  hook_stopped: failed("claude_hook_stopped"),
  invalid_request: invalidRequest,
  startup: failed("claude_init_failed"),
};

/** Reads the last word of `claude`; `undefined` when there is none. */
export function readVerdict(verdict: Verdict, summary: ClaudeSummary): Outcome | undefined {
  const { kind, message, resetsAt } = verdict;
  const hasResult = summary.resultCount > 0;
  const row =
    rows[kind] ?? (hasResult ? (rowsOfResult[kind] ?? failed("claude_failed")) : undefined);
  const later =
    resetsAt === undefined ? {} : { retryNotBefore: new Date(resetsAt * 1_000).toISOString() };
  return row?.(message, later);
}
