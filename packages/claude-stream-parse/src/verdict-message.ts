import { plainNoise } from "./plain-noise.ts";
import { plainWords } from "./plain-words.ts";
import type { ClaudeSummary } from "./summary-types.ts";
import type { ProcessEnd, VerdictKind } from "./verdict-types.ts";

const sentences: { readonly [kind in VerdictKind]: string } = {
  success: "Claude answered",
  success_local: "A slash command ran in the CLI; no model was asked",
  empty: "Claude ended without an answer",
  truncated: "The output ends before Claude was done",
  interrupted: "The run was interrupted on request",
  max_turns: "The limit of turns stopped the run",
  max_budget: "The limit of cost stopped the run",
  max_output_tokens: "The answer ran into the output limit",
  schema: "Claude gave no output that fits the schema",
  refusal: "The model or a safeguard refused",
  hook_blocked: "A hook kept the prompt from the model",
  hook_stopped: "A hook stopped the run",
  prompt_too_long: "The conversation is too long for the model",
  unknown_session: "The session to resume does not exist",
  startup: "The CLI did not start",
  not_a_stream: "The output is no stream-json; use --output-format stream-json --verbose",
  auth: "The key or login is missing or was refused",
  billing: "The account cannot pay",
  usage_limit: "The subscription's limit is used up",
  rate_limit: "The API's rate limit was hit",
  overloaded: "The API is overloaded",
  server_error: "The API failed",
  network: "The API could not be reached",
  invalid_request: "The API refused the request",
  model_not_found: "The API does not know the model",
};

/** One sentence for a person: what happened, and what Claude or the CLI said of it. */
export function verdictMessage(kind: VerdictKind, summary: ClaudeSummary, end: ProcessEnd): string {
  const said = wordsOf(summary, end);
  return said === "" ? `${sentences[kind]}.` : `${sentences[kind]}: ${said}`;
}

/** The most telling words there are. */
function wordsOf(summary: ClaudeSummary, end: ProcessEnd): string {
  const result = summary.results.at(-1);
  const error = result?.errors.find((line) => !line.startsWith("[ede_diagnostic]"));
  const candidates = result
    ? [summary.resultText, error, summary.blockedBy]
    : [end.stderr, plainNoise(summary), summary.lastAssistantText];
  for (const candidate of candidates) {
    const words = plainWords(candidate ?? "");
    if (words !== "") return words;
  }
  return "";
}
