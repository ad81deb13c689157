import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { expect, test } from "vitest";
import { proof, type Shown } from "../../src/demo/proof.ts";

const end = {
  type: "result",
  session_id: "s-1",
  total_cost_usd: 0.5,
  result: "Grüße",
  usage: { input_tokens: 1, cache_read_input_tokens: 2, output_tokens: 3 },
};
const text = `{"type":"system"}\n${JSON.stringify(end)}\n`;
const result: AdapterExecutionResult = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  errorMessage: null,
  sessionId: "s-1",
  costUsd: 0.5,
  summary: "Grüße",
  usage: { inputTokens: 1, cachedInputTokens: 2, outputTokens: 3 },
};
const right: Shown = { recorded: Buffer.from(text), output: text, result, left: [] };

const untrue = (shown: Shown): string[] =>
  proof(shown)
    .filter(({ isTrue }) => !isTrue)
    .map(({ what, instead }) => `${what}: ${instead}`);

test("what came is what was recorded", () => {
  expect(untrue(right)).toEqual([]);
});

test.each<[what: string, change: Partial<Shown>, said: RegExp]>([
  [
    "a line that is missing",
    { output: text.slice(text.indexOf("\n") + 1) },
    /all 2 lines.*line 1 is/,
  ],
  ["a line twice", { output: `${text}${text}` }, /all 2 lines/],
  ["another byte", { output: text.replace("ü", "u") }, /all 2 lines.*line 2 is/],
  ["no last newline", { output: text.slice(0, -1) }, /all 2 lines/],
  ["a failure", { result: { ...result, exitCode: 1, errorMessage: "no" } }, /success.*\[1,"no"\]/],
  [
    "another session",
    { result: { ...result, sessionId: "s-2" } },
    /session.*"s-2" instead of "s-1"/,
  ],
  [
    "other tokens",
    { result: { ...result, usage: { inputTokens: 1, outputTokens: 3 } } },
    /tokens.*\[1,null,3\] instead of \[1,2,3\]/,
  ],
  ["another cost", { result: { ...result, costUsd: 0.4 } }, /cost.*0.4 instead of 0.5/],
  ["another answer", { result: { ...result, summary: "Gruesse" } }, /answer/],
  ["something left", { left: ["pods/x"] }, /left.*pods\/x/],
])("%s is seen", (_what, change, said) => {
  const found = untrue({ ...right, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(said);
});
