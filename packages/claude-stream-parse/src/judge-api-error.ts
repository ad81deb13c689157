import { finding } from "./finding.ts";
import type { Finding, ResultCase } from "./finding.ts";
import { judgeErrorType, judgeStatus, judgeText, refines } from "./judge-text.ts";
import type { VerdictKind } from "./verdict-types.ts";

const apiErrors: ReadonlyMap<string, VerdictKind> = new Map<string, VerdictKind>([
  ["usage_limit_reached", "usage_limit"],
  ["connection_failed", "network"],
  ["max_output_tokens", "max_output_tokens"],
]);

/** The CLI's own error words on its message; `unknown` is none. */
const assistantErrors: ReadonlyMap<string, VerdictKind> = new Map<string, VerdictKind>([
  ["authentication_failed", "auth"],
  ["oauth_org_not_allowed", "auth"],
  ["cloud_credential_error", "auth"],
  ["billing_error", "billing"],
  ["rate_limit", "rate_limit"],
  ["overloaded", "overloaded"],
  ["server_error", "server_error"],
  ["model_not_found", "model_not_found"],
  ["max_output_tokens", "max_output_tokens"],
  ["invalid_request", "invalid_request"],
]);

/**
 * What kind of API error ended the run. Order of evidence: the result's api_error, its status and type, the
 * CLI's message, a pattern on the text. A coarse word is refined by the next finer one that does not contradict it.
 */
export function judgeApiError(c: ResultCase): Finding {
  const clues = cluesOf(c);
  const [first] = clues;
  if (!first) return finding("server_error", "result.is_error, with words that are not known");
  const finer = clues.find((clue) => refines(clue.kind, first.kind));
  return finding(finer?.kind ?? first.kind, ...clues.map(({ shown }) => shown));
}

type Clue = { readonly kind: VerdictKind; readonly shown: string };

function cluesOf({ summary, result, said }: ResultCase): Clue[] {
  const clues: Clue[] = [];
  const note = (kind: VerdictKind | undefined, shown: string): void => {
    if (kind) clues.push({ kind, shown });
  };
  const error = summary.lastSynthetic?.error;
  note(apiErrors.get(result.apiError ?? ""), `result.api_error=${result.apiError}`);
  note(judgeStatus(result.apiErrorStatus), `result.api_error_status=${result.apiErrorStatus}`);
  note(judgeErrorType(result.apiErrorType), `result.api_error_type=${result.apiErrorType}`);
  note(assistantErrors.get(error ?? ""), `assistant.error=${error}`);
  if (summary.rateLimit?.status === "rejected") note("usage_limit", "rate_limit_event rejected");
  note(judgeText(said), "result.result");
  return clues;
}
