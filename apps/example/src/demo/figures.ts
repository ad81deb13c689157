import { createTranscript } from "@claude-k8s/claude-stream-parse";
import type { ShownRun } from "./shown-run.ts";

export interface Figures extends ShownRun {
  /** Between the program's last line and its exit. */
  readonly quietMs: number;
}

/** The table at the end, as rows of a word and its value. */
export function rows(figures: Figures): readonly (readonly [string, string])[] {
  const { result, host, began, returned, quietMs, requests } = figures;
  const { usage } = result;
  const { first, last } = host.times;
  const output = host.output();
  const turns = turnsOf(output);
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
    [
      "output",
      `${count(output.split("\n").length - 1)} lines, ${count(Buffer.byteLength(output))} bytes`,
    ],
    ["time to first line", first === undefined ? "unknown" : seconds(first - began)],
    ["exit to result", last === undefined ? "unknown" : seconds(returned - last - quietMs)],
    ["API requests", `${count(requests)}, watches and the log's stream included`],
  ];
}

function turnsOf(output: string): number | undefined {
  const transcript = createTranscript();
  transcript.push(output);
  transcript.end();
  return transcript.summary.results.at(-1)?.turns;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
