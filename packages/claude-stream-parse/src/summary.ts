import type { TokenUsage } from "./content-types.ts";
import type { ClaudeEvent } from "./event-types.ts";
import { copyMemory, emptyMemory } from "./fold-memory.ts";
import type { FoldMemory } from "./fold-memory.ts";
import { fold } from "./fold.ts";
import type { ClaudeSummary, StreamEnd, UsageSource } from "./summary-types.ts";
import { noTokens } from "./token-usage.ts";

/**
 * Folds one event in and gives the next summary; the one before stays as it is.
 * It copies what is remembered (two sets of at most 1,024), so for long streams `createTranscript`, which folds in
 * place, is the quicker way to the same summary.
 */
export function add(summary: ClaudeSummary, event: ClaudeEvent): ClaudeSummary {
  const memory = copyMemory(summary.memory);
  fold(memory, event);
  return summaryOf(memory);
}

/** The summary of what is remembered. It takes the memory over: nobody may fold into it afterwards. */
export function summaryOf(memory: FoldMemory): ClaudeSummary {
  const { tokens, source } = usageOf(memory);
  return {
    end: endOf(memory),
    sessionId: memory.sessionId,
    sessionIds: memory.sessionIds,
    model: memory.model,
    answeringModels: memory.answeringModels,
    cliVersion: memory.cliVersion,
    initCount: memory.inits,
    results: memory.results,
    resultCount: memory.resultCount,
    resultText: memory.resultText,
    lastAssistantText: memory.lastText,
    usage: tokens,
    usageSource: source,
    costUsd: memory.sinceLastResult?.costUsd ?? memory.totalCostUsd,
    turns: memory.turns,
    toolCalls: memory.toolCalls,
    openBackgroundTasks: memory.backgroundSet ?? [...memory.startedTasks],
    eventsAfterLastResult: memory.eventsAfterLastResult,
    noise: {
      count: memory.noiseCount,
      first: memory.firstNoise,
      last: memory.lastNoise,
      reasons: Object.fromEntries(memory.noiseReasons),
    },
    rateLimit: memory.rateLimit,
    partial: {
      usage: source === "messages" || source === "none" || memory.turnOpen,
      lastLine: memory.noiseReasons.has("cut_off"),
      skippedLines: memory.noiseReasons.has("too_long"),
    },
    lastSynthetic: memory.lastSynthetic,
    blockedBy: memory.blockedBy,
    localCommand: memory.localCommand,
    lastTurnReplied: memory.lastTurnReplied,
    lastRetry: memory.lastRetry,
    lastStopReason: memory.lastStopReason,
    lastOutputTokens: memory.lastOutputTokens,
    schemaRequested: memory.schemaRequested,
    memory,
  };
}

function endOf(memory: FoldMemory): StreamEnd {
  if (memory.resultCount > 0) return "result";
  if (memory.answered) return "truncated";
  if (memory.emptyReply) return "empty-response";
  if (memory.inits > 0) return "init-only";
  if (memory.events > 0) return "other-events";
  return memory.firstNoise.length > 0 ? "noise-only" : "nothing";
}

/** The order of sources: each is better than all that follow, and none are ever added up. */
function usageOf(memory: FoldMemory): { tokens: TokenUsage; source: UsageSource } {
  const { sinceLastResult, lastModelUsage, resultUsage } = memory;
  if (sinceLastResult?.tokens)
    return { tokens: sinceLastResult.tokens, source: "since_last_result" };
  // Where the CLI tells both, modelUsage of a resumed session holds earlier runs too: not ours.
  if (lastModelUsage && !sinceLastResult) return { tokens: lastModelUsage, source: "model_usage" };
  if (resultUsage) return { tokens: resultUsage, source: "result_usage" };
  if (memory.messages.size > 0 || memory.messageTotal !== noTokens)
    return { tokens: memory.messageTotal, source: "messages" };
  return { tokens: noTokens, source: "none" };
}

/** Before the first event. Frozen: every fold begins with a copy of it. */
export const nothingYet: ClaudeSummary = Object.freeze(summaryOf(emptyMemory()));
