import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { ClaudeSummary } from "@claude-k8s/claude-stream-parse";

/** What the table at the end is made of. */
export interface Figures {
  readonly result: AdapterExecutionResult;
  readonly summary: ClaudeSummary;
  readonly lines: number;
  readonly bytes: number;
  /** From `execute` to the first line that the program wrote. */
  readonly startMs: number | undefined;
  /** From the program's end to the result. */
  readonly settleMs: number | undefined;
  readonly requests: number;
}

/** The table, as rows of a word and its value. */
export function rows(figures: Figures): readonly (readonly [string, string])[] {
  const { result, summary } = figures;
  const { usage } = result;
  const turns = summary.results.at(-1)?.turns;
  return [
    ["session", result.sessionId ?? "none"],
    ["model", result.model ?? "unknown"],
    ["turns", turns === undefined ? "unknown" : count(turns)],
    [
      "tokens",
      usage === undefined
        ? "unknown"
        : `${count(usage.inputTokens)} in, ${count(usage.cachedInputTokens ?? 0)} of the cache, ${count(usage.outputTokens)} out`,
    ],
    ["cost", result.costUsd == null ? "unknown" : `$${result.costUsd.toFixed(4)}`],
    ["output", `${count(figures.lines)} lines, ${count(figures.bytes)} bytes`],
    ["time to first line", seconds(figures.startMs)],
    ["exit to result", seconds(figures.settleMs)],
    ["API requests", `${count(figures.requests)}, watches and the log's stream included`],
  ];
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "unknown" : `${(ms / 1_000).toFixed(2)} s`;
}
