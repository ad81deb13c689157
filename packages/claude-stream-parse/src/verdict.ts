import type { Finding } from "./finding.ts";
import { judgeNoResult } from "./judge-no-result.ts";
import { judgeResult } from "./judge-result.ts";
import { limitEnd } from "./limit-end.ts";
import type { ClaudeSummary } from "./summary-types.ts";
import { verdictMessage } from "./verdict-message.ts";
import type { ProcessEnd, Retry, Verdict, VerdictKind } from "./verdict-types.ts";

const retries: { readonly [kind in VerdictKind]: Retry } = {
  success: "no",
  success_local: "no",
  empty: "later",
  truncated: "later",
  interrupted: "no",
  max_turns: "no",
  max_budget: "no",
  max_output_tokens: "no",
  schema: "later",
  refusal: "no",
  hook_blocked: "fix",
  hook_stopped: "fix",
  prompt_too_long: "fresh",
  unknown_session: "fresh",
  startup: "fix",
  not_a_stream: "fix",
  auth: "fix",
  billing: "fix",
  usage_limit: "later",
  rate_limit: "later",
  overloaded: "later",
  server_error: "later",
  network: "later",
  invalid_request: "fix",
  model_not_found: "fix",
};

/**
 * What a run came to, from its whole transcript and from how the process ended.
 * Pure. The exit code alone decides nothing: 0 stands on failures, 1 and 143 on good results.
 */
export function verdict(summary: ClaudeSummary, end: ProcessEnd = {}): Verdict {
  const { kind, evidence } = judge(summary, end);
  const resetsAt = kind === "usage_limit" || kind === "rate_limit" ? limitEnd(summary) : undefined;
  return {
    kind,
    ok: kind === "success" || kind === "success_local",
    retry: retries[kind],
    message: verdictMessage(kind, summary, end),
    ...(resetsAt !== undefined && { resetsAt }),
    evidence,
  };
}

function judge(summary: ClaudeSummary, end: ProcessEnd): Finding {
  const result = summary.results.at(-1);
  if (!result) return judgeNoResult(summary, end);
  const said = summary.resultText || (result.errors[0] ?? "");
  return judgeResult({ summary, result, said });
}
