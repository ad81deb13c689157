import { finding } from "./finding.ts";
import type { Finding, ResultCase } from "./finding.ts";
import { judgeApiError } from "./judge-api-error.ts";

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
  limitSubtype,
  interruption,
  refusal,
  promptTooLong,
  failure,
  hookStopped,
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
  if (!failed(result) || (result.turns ?? 0) > 0 || summary.lastAssistantText !== undefined)
    return undefined;
  return unknownSessionText.test(said)
    ? finding("unknown_session", "result: no conversation found")
    : undefined;
}

export const unknownSessionText: RegExp =
  /no conversation found (?:with|for) session|--resume requires a valid session/i;

function limitSubtype({ result }: ResultCase): Finding | undefined {
  switch (result.subtype) {
    case "error_max_turns":
      return finding("max_turns", "result.subtype=error_max_turns");
    case "error_max_budget_usd":
      return finding("max_budget", "result.subtype=error_max_budget_usd");
    case "error_max_structured_output_retries":
      return finding("schema", "result.subtype=error_max_structured_output_retries");
    default:
      return terminalLimit(result.terminalReason);
  }
}

function terminalLimit(terminalReason: string | undefined): Finding | undefined {
  if (terminalReason === "max_turns")
    return finding("max_turns", "result.terminal_reason=max_turns");
  if (terminalReason === "budget_exhausted")
    return finding("max_budget", "result.terminal_reason=budget_exhausted");
  if (terminalReason === "structured_output_retry_exhausted")
    return finding("schema", `result.terminal_reason=${terminalReason}`);
  return undefined;
}

function interruption({ result }: ResultCase): Finding | undefined {
  return result.terminalReason?.startsWith("aborted_")
    ? finding("interrupted", `result.terminal_reason=${result.terminalReason}`)
    : undefined;
}

function refusal({ summary, result }: ResultCase): Finding | undefined {
  if (result.stopReason === "refusal") return finding("refusal", "result.stop_reason=refusal");
  return failed(result) && summary.lastSynthetic?.stopReason === "refusal"
    ? finding("refusal", "assistant.message.stop_reason=refusal")
    : undefined;
}

function promptTooLong({ result }: ResultCase): Finding | undefined {
  return failed(result) && result.terminalReason === "prompt_too_long"
    ? finding("prompt_too_long", "result.terminal_reason=prompt_too_long")
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

function hookStopped({ result }: ResultCase): Finding | undefined {
  return result.terminalReason === "hook_stopped" || result.terminalReason === "stop_hook_prevented"
    ? finding("hook_stopped", `result.terminal_reason=${result.terminalReason}`)
    : undefined;
}

function hookBlocked({ summary, result }: ResultCase): Finding | undefined {
  if ((result.turns ?? 0) > 0 || summary.answeringModels.length > 0) return undefined;
  if (summary.blockedBy !== undefined)
    return finding("hook_blocked", "system/informational prevent_continuation");
  return summary.resultText?.startsWith("UserPromptSubmit operation blocked by hook")
    ? finding("hook_blocked", "result.result: blocked by hook")
    : undefined;
}

function localCommand({ summary, result }: ResultCase): Finding | undefined {
  if (result.localCommand)
    return finding("success_local", `result.local_command=${result.localCommand}`);
  if (summary.answeringModels.length > 0) return undefined;
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
