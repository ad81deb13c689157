import { clip } from "./detach.ts";
import type { ResultEvent } from "./event-types.ts";
import type { FoldMemory } from "./fold-memory.ts";
import { isObject, list, number, text } from "./json.ts";
import type { ResultSummary } from "./summary-types.ts";
import { messageUsage, modelUsage, noTokens, plus } from "./token-usage.ts";

const keptResults = 32;

/** A result ends a turn. Totals in it are cumulative, so the newest one rules. */
export function foldResult(memory: FoldMemory, event: ResultEvent): void {
  memory.resultCount++;
  memory.results.push(resultSummary(event));
  if (memory.results.length > keptResults) memory.results.splice(1, 1);
  memory.resultText = event.text;
  memory.turns = event.turns;
  memory.eventsAfterLastResult = [];
  memory.turnOpen = false;
  if (event.sessionId !== undefined) memory.sessionId = event.sessionId;
  foldTotals(memory, event);
}

function foldTotals(memory: FoldMemory, event: ResultEvent): void {
  const { raw } = event;
  const usage = messageUsage(raw["usage"]);
  if (usage) memory.resultUsage = plus(memory.resultUsage ?? noTokens, usage);
  memory.lastModelUsage = modelUsage(raw["modelUsage"])?.tokens ?? memory.lastModelUsage;
  memory.totalCostUsd = event.totalCostUsd ?? memory.totalCostUsd;
  if (!isObject(raw["model_usage_since_last_result"])) return;
  const since = modelUsage(raw["model_usage_since_last_result"]);
  const before = memory.sinceLastResult;
  memory.sinceLastResult = {
    tokens: since ? plus(before?.tokens ?? noTokens, since.tokens) : before?.tokens,
    costUsd: (before?.costUsd ?? 0) + (since?.costUsd ?? 0),
  };
}

function resultSummary(event: ResultEvent): ResultSummary {
  const { raw } = event;
  return {
    subtype: clip(event.subtype),
    isError: event.isError,
    stopReason: short(event.stopReason),
    terminalReason: short(event.terminalReason),
    apiErrorStatus: event.apiErrorStatus,
    apiErrorType: short(event.apiErrorType),
    apiError: short(event.apiError),
    errors: event.errors.slice(0, 4).map((error) => clip(error, 2000)),
    textLength: event.text?.length,
    turns: event.turns,
    totalCostUsd: event.totalCostUsd,
    sessionId: short(event.sessionId),
    origin: isObject(raw["origin"]) ? short(text(raw["origin"]["kind"])) : undefined,
    localCommand: short(text(raw["local_command"])),
    startupFailure: short(text(raw["startup_failure_reason"])),
    hasStructuredOutput:
      raw["structured_output"] !== undefined && raw["structured_output"] !== null,
    permissionDenials: list(raw["permission_denials"]).length,
    safetyStops: number(raw["safety_stops"]) ?? 0,
  };
}

function short(word: string | undefined): string | undefined {
  return word === undefined ? undefined : clip(word);
}
