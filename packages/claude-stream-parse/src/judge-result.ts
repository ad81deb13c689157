import { finding } from "./finding.ts";
import type { Finding, ResultCase } from "./finding.ts";
import { judgeApiError } from "./judge-api-error.ts";
import type { VerdictKind } from "./verdict-types.ts";

type Rule = (c: ResultCase) => Finding | undefined;

/** What a run came to that has a result: the first rule that fits. */
export function judgeResult(c: ResultCase): Finding {
  for (const rule of rules) {
    const found = rule(c);
    if (found) return found;
  }
  return finding("success", "result.subtype=success", "result.is_error=false");
}

const rules: readonly Rule[] = [
  unknownSession,
  startup,
  told,
  refusal,
  failure,
  hookBlocked,
  localCommand,
  schemaIgnored,
  unfinished,
  noAnswer,
];

function startup({ summary, result, said }: ResultCase): Finding | undefined {
  if (result.startupFailure)
    return finding("startup", `result.startup_failure_reason=${result.startupFailure}`);
  // Without an init nothing was begun: what is said then is why.
  const unstarted = summary.initCount === 0 && result.turns === 0 && result.subtype !== "success";
  return unstarted && said !== "" && !said.startsWith("[ede_diagnostic]")
    ? finding("startup", "no init event", `result.subtype=${result.subtype}`)
    : undefined;
}

function unknownSession({ summary, result, said }: ResultCase): Finding | undefined {
  // A model's own words come with turns; the CLI's refusal has none.
  if (!failed(result) || (result.turns ?? 0) > 0 || summary.lastTurnReplied) return undefined;
  return unknownSessionText.test(said)
    ? finding("unknown_session", "result: no conversation found")
    : undefined;
}

export const unknownSessionText: RegExp =
  /no conversation found (?:with|for) session|--resume requires a valid session/i;

const subtypes: ReadonlyMap<string, VerdictKind> = new Map<string, VerdictKind>([
  ["error_max_turns", "max_turns"],
  ["error_max_budget_usd", "max_budget"],
  ["error_max_structured_output_retries", "schema"],
]);

const terminalReasons: ReadonlyMap<string, VerdictKind> = new Map<string, VerdictKind>([
  ["max_turns", "max_turns"],
  ["budget_exhausted", "max_budget"],
  ["structured_output_retry_exhausted", "schema"],
  ["prompt_too_long", "prompt_too_long"],
  ["hook_stopped", "hook_stopped"],
]);

/** The CLI says it in a word of its own. */
function told({ result }: ResultCase): Finding | undefined {
  const { subtype, terminalReason = "" } = result;
  const bySubtype = subtypes.get(subtype);
  if (bySubtype) return finding(bySubtype, `result.subtype=${subtype}`);
  const aborted = terminalReason.startsWith("aborted_") ? "interrupted" : undefined;
  const kind = terminalReasons.get(terminalReason) ?? aborted;
  return kind && finding(kind, `result.terminal_reason=${terminalReason}`);
}

function refusal({ summary, result }: ResultCase): Finding | undefined {
  if (result.stopReason === "refusal") return finding("refusal", "result.stop_reason=refusal");
  return failed(result) && summary.lastSynthetic?.stopReason === "refusal"
    ? finding("refusal", "assistant.message.stop_reason=refusal")
    : undefined;
}

/** API errors come as subtype success with is_error true; the error subtypes may have is_error false. */
function failure(c: ResultCase): Finding | undefined {
  const { summary, result, said } = c;
  if (!failed(result)) return undefined;
  const vague = said === "" || said.startsWith("[ede_diagnostic]");
  const clueless = vague && !result.apiError && !result.apiErrorStatus && !result.apiErrorType;
  if (result.subtype !== "success" && clueless && !summary.lastSynthetic?.error)
    return finding("empty", `result.subtype=${result.subtype}`, "no text and no known error");
  return judgeApiError(c);
}

function failed(result: ResultCase["result"]): boolean {
  return result.isError || result.subtype.startsWith("error");
}

function hookBlocked({ summary, result }: ResultCase): Finding | undefined {
  if ((result.turns ?? 0) > 0 || summary.lastTurnReplied) return undefined;
  if (summary.blockedBy !== undefined)
    return finding("hook_blocked", "system/informational prevent_continuation");
  return summary.resultText?.startsWith("UserPromptSubmit operation blocked by hook")
    ? finding("hook_blocked", "result.result: blocked by hook")
    : undefined;
}

function localCommand({ summary, result }: ResultCase): Finding | undefined {
  if (result.localCommand)
    return finding("success_local", `result.local_command=${result.localCommand}`);
  if (summary.lastTurnReplied) return undefined;
  if (summary.localCommand)
    return finding("success_local", "a slash command's output, and no model answered");
  return summary.lastSynthetic && !summary.lastSynthetic.error
    ? finding("success_local", "a message of the CLI, and no model answered")
    : undefined;
}

function schemaIgnored({ summary, result }: ResultCase): Finding | undefined {
  return summary.schemaRequested && !result.hasStructuredOutput
    ? finding("schema", "a schema was asked for", "result.structured_output is missing")
    : undefined;
}

/** It was about to use a tool when it ended: no answer, whatever the subtype says. */
function unfinished({ result }: ResultCase): Finding | undefined {
  return result.stopReason === "tool_use" && !result.hasStructuredOutput
    ? finding("truncated", "result.stop_reason=tool_use")
    : undefined;
}

function noAnswer({ summary, result }: ResultCase): Finding | undefined {
  return (summary.resultText ?? "").trim() === "" && !result.hasStructuredOutput
    ? finding("empty", "result.result is blank")
    : undefined;
}
