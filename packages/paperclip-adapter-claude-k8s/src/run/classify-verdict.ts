import type { ClaudeSummary, Verdict, VerdictKind } from "@claude-k8s/claude-stream-parse";
import { interrupted, type Outcome } from "./outcome.ts";

/** Makes the outcome of one kind of last word from what `claude` said. */
type Row = (said: string, retryNotBefore: { retryNotBefore?: string }) => Outcome;

const failed: (errorCode: string) => Row = (errorCode) => (errorMessage) => ({
  errorCode,
  errorMessage,
  recovery: "continue",
});

const upstream: Row = (errorMessage, later) => ({
  ...interrupted("claude_transient_upstream", errorMessage),
  ...later,
});

const success: Row = () => ({});

/** The parser's verdict → the host's words. Kinds that are no last word are not here. */
const rows: Partial<Record<VerdictKind, Row>> = {
  success,
  success_local: success,
  unknown_session: (errorMessage) => ({
    errorCode: "session_unavailable",
    errorMessage,
    clearSession: true,
    recovery: "continue",
  }),
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
  model_not_found: failed("model_not_found"),
  refusal: (errorMessage) => ({
    errorCode: "claude_refusal",
    errorMessage,
    family: "model_refusal",
    recovery: "continue",
  }),
};

/** Reads the last word of `claude`; `undefined` when there is none. */
export function readVerdict(verdict: Verdict, summary: ClaudeSummary): Outcome | undefined {
  const row = rows[verdict.kind];
  if (row === undefined && summary.resultCount === 0) return undefined;
  const later =
    verdict.resetsAt === undefined
      ? {}
      : { retryNotBefore: new Date(verdict.resetsAt * 1_000).toISOString() };
  return (row ?? failed("claude_failed"))(verdict.message, later);
}
