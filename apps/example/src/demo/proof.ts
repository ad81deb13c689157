import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { parsed } from "../json.ts";

/** One thing that was shown, and whether it is true. */
export interface Check {
  readonly what: string;
  readonly isTrue: boolean;
  /** What came instead; only when it is not true. */
  readonly instead?: string;
}

export interface Shown {
  /** What the recorded program wrote. */
  readonly recorded: Uint8Array;
  readonly output: string;
  readonly result: AdapterExecutionResult;
  /** What still stood in the cluster. */
  readonly left: readonly string[];
}

interface RecordedResult {
  readonly type?: string;
  readonly session_id?: string;
  readonly total_cost_usd?: number;
  readonly result?: string;
  readonly usage?: {
    readonly input_tokens?: number;
    readonly cache_read_input_tokens?: number;
    readonly output_tokens?: number;
  };
}

/** Compares what a run brought with the recording itself, not with what a parser made of it. */
export function proof({ recorded, output, result, left }: Shown): readonly Check[] {
  const text = Buffer.from(recorded).toString("utf8");
  const last = lastResult(text);
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  const bytes = Buffer.from(output, "utf8");
  return [
    {
      what: `all ${lines} lines arrived, byte for byte, each once`,
      isTrue: bytes.equals(recorded),
      instead: firstDifference(text, output),
    },
    same("the run is a success", [result.exitCode, result.errorMessage ?? null], [0, null]),
    same("the session is the recorded one", result.sessionId, last?.session_id),
    same("the tokens are the recorded ones", tokensOf(result), [
      last?.usage?.input_tokens,
      last?.usage?.cache_read_input_tokens,
      last?.usage?.output_tokens,
    ]),
    same("the cost is the recorded one", result.costUsd, last?.total_cost_usd),
    same("the answer is the recorded one", result.summary, last?.result),
    same("no Job, pod or Secret is left", left, []),
  ];
}

function tokensOf({ usage }: AdapterExecutionResult): readonly (number | undefined)[] {
  return [usage?.inputTokens, usage?.cachedInputTokens, usage?.outputTokens];
}

function lastResult(text: string): RecordedResult | undefined {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => parsed<RecordedResult>(line))
    .findLast(({ type }) => type === "result");
}

function same(what: string, got: unknown, expected: unknown): Check {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  return left === right
    ? { what, isTrue: true }
    : { what, isTrue: false, instead: `${left} instead of ${right}` };
}

function firstDifference(expected: string, got: string): string {
  const [wanted, came] = [expected.split("\n"), got.split("\n")];
  const at = wanted.findIndex((line, index) => line !== came[index]);
  if (at < 0) return `${came.length - wanted.length} lines more`;
  return `line ${at + 1} is ${JSON.stringify((came[at] ?? "").slice(0, 100))} instead of ${JSON.stringify((wanted[at] ?? "").slice(0, 100))}`;
}
