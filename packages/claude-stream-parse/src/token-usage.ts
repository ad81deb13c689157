import type { TokenUsage } from "./content-types.ts";
import { isObject } from "./json.ts";
import type { JsonObject } from "./json.ts";

export const noTokens: TokenUsage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

/** The `usage` of a message or of a result. Null and missing counters count as zero. */
export function messageUsage(value: unknown): TokenUsage | undefined {
  if (!isObject(value)) return undefined;
  return {
    inputTokens: count(value["input_tokens"]),
    outputTokens: count(value["output_tokens"]),
    cacheReadTokens: count(value["cache_read_input_tokens"]),
    cacheWriteTokens: count(value["cache_creation_input_tokens"]),
  };
}

/** Tokens and cost of a `modelUsage` map, summed over its models; `undefined` when it names none. */
export function modelUsage(value: unknown): { tokens: TokenUsage; costUsd: number } | undefined {
  if (!isObject(value)) return undefined;
  let tokens: TokenUsage | undefined;
  let costUsd = 0;
  for (const entry of Object.values(value)) {
    if (!isObject(entry)) continue;
    tokens = plus(tokens ?? noTokens, modelTokens(entry));
    costUsd += count(entry["costUSD"]);
  }
  return tokens && { tokens, costUsd };
}

function modelTokens(entry: JsonObject): TokenUsage {
  return {
    inputTokens: count(entry["inputTokens"]),
    outputTokens: count(entry["outputTokens"]),
    cacheReadTokens: count(entry["cacheReadInputTokens"]),
    cacheWriteTokens: count(entry["cacheCreationInputTokens"]),
  };
}

export function plus(a: TokenUsage, b: TokenUsage, times: number = 1): TokenUsage {
  return {
    inputTokens: a.inputTokens + times * b.inputTokens,
    outputTokens: a.outputTokens + times * b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + times * b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + times * b.cacheWriteTokens,
  };
}

export function minus(a: TokenUsage, b: TokenUsage): TokenUsage {
  return plus(a, b, -1);
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}
