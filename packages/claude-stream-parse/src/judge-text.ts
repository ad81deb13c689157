import { apiErrorIn } from "./plain-words.ts";
import type { VerdictKind } from "./verdict-types.ts";

/** Texts of failed runs, by what they mean. Only for texts that are known to be errors. */
const patterns: readonly (readonly [RegExp, VerdictKind])[] = [
  [/\bprompt is too long\b/i, "prompt_too_long"],
  [/output token maximum|context window limit/i, "max_output_tokens"],
  [/\busage policy\b|\bsafeguards (?:flagged|stopped)\b/i, "refusal"],
  [/credit balance is too low|\bbilling\b/i, "billing"],
  [
    /invalid api key|please run \/login|not logged in|oauth token (?:has )?(?:expired|revoked)|failed to authenticate|could not load (?:aws )?credentials|does not have access to claude|invalid bearer token/i,
    "auth",
  ],
  [
    /\b(?:limit|cap|usage)\b[^\n]{0,80}\bresets\b|usage limit reached|out of extra usage/i,
    "usage_limit",
  ],
  [/\boverloaded\b|\b529\b/i, "overloaded"],
  [/request rejected \(429\)|\brate.limit/i, "rate_limit"],
  [
    /issue with the selected model|\bmodel\b[^\n]{0,80}\b(?:not found|does not exist)\b/i,
    "model_not_found",
  ],
  [/\brequest too large\b|could not process image/i, "invalid_request"],
  [
    /connection (?:error|dropped|refused|reset|closed)|request timed out|\b(?:ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)\b|socket hang up|fetch failed|unable to connect/i,
    "network",
  ],
  [
    /empty or malformed response|internal server error|bad gateway|service unavailable/i,
    "server_error",
  ],
];

/** What an error's text means, after the API's own words in it: `API Error: 429 {json}`. */
export function judgeText(said: string): VerdictKind | undefined {
  const head = said.slice(0, 2000);
  const api = judgeApiText(head);
  const pattern = judgePattern(head);
  return pattern && (api === undefined || refines(pattern, api)) ? pattern : api;
}

function judgeApiText(said: string): VerdictKind | undefined {
  const match = /\bAPI Error:? \(?(\d{3})\b/.exec(said);
  const error = match && apiErrorIn(said);
  return judgeErrorType(error?.type) ?? judgeStatus(match ? Number(match[1]) : undefined);
}

function judgePattern(said: string): VerdictKind | undefined {
  return patterns.find(([pattern]) => pattern.test(said))?.[1];
}

const finerKinds: Partial<Record<VerdictKind, readonly VerdictKind[]>> = {
  invalid_request: [
    "billing",
    "prompt_too_long",
    "refusal",
    "model_not_found",
    "max_output_tokens",
  ],
  server_error: ["overloaded", "network"],
  rate_limit: ["usage_limit", "overloaded"],
};

/** Some kinds name a class of things; a clue that says more, and does not contradict, goes before them. */
export function refines(finer: VerdictKind, than: VerdictKind): boolean {
  return finerKinds[than]?.includes(finer) ?? false;
}

/** HTTP status to kind. 400 says too little: others are asked before it counts. */
export function judgeStatus(status: number | undefined): VerdictKind | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "billing";
  if (status === 404) return "model_not_found";
  if (status === 408) return "network";
  if (status === 429) return "rate_limit";
  if (status === 529) return "overloaded";
  return status < 500 ? "invalid_request" : "server_error";
}

const errorTypes: ReadonlyMap<string, VerdictKind> = new Map<string, VerdictKind>([
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["billing_error", "billing"],
  ["not_found_error", "model_not_found"],
  ["rate_limit_error", "rate_limit"],
  ["overloaded_error", "overloaded"],
  ["timeout_error", "server_error"],
  ["api_error", "server_error"],
  ["request_too_large", "invalid_request"],
  ["invalid_request_error", "invalid_request"],
]);

/** The API's own error type to kind. */
export function judgeErrorType(type: string | undefined): VerdictKind | undefined {
  return type === undefined ? undefined : errorTypes.get(type);
}
