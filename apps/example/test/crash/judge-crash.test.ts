import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { describe, expect, test } from "vitest";
import type { CrashEvidence, Life } from "../../src/crash/crash-run.ts";
import { judgeCrash } from "../../src/crash/judge-crash.ts";

const lines = ["one\n", "two\n", "three\n", '{"type":"result","session_id":"s","result":"done"}\n'];
const recorded = Buffer.from(lines.join(""));
const result: AdapterExecutionResult = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  sessionId: "s",
  summary: "done",
};

const life = (from: number, to: number, more: Partial<Life> = {}): Life => ({
  calls: [],
  output: lines.slice(from, to).join(""),
  events: [],
  said: [],
  results: [],
  ...more,
});
const adopter = (from: number, to = 4): Life =>
  life(from, to, { events: ["claude_k8s.job.reattached"], results: [result] });
const maker = (from = 0, to = 4): Life =>
  life(from, to, { events: ["claude_k8s.job.created"], results: [result] });

const usual: CrashEvidence = {
  wasKilled: true,
  first: life(0, 2),
  standing: "running",
  cursorLines: 1,
  second: adopter(1),
  tookOver: { afterMs: 1, standing: "running" },
  programs: { started: 1, most: 1 },
  left: [],
  leases: [{ name: "killed", isKilled: true }],
  unsweptLeases: [],
  problem: undefined,
};
const judged = (change: Partial<CrashEvidence>) => judgeCrash({ ...usual, ...change }, recorded);

test("a Job that is followed on from the stored cursor: repeats behind it, and nothing wrong", () => {
  expect(judged({})).toEqual({ deed: "adopted", lost: 0, repeated: 1, wrong: [] });
});

test.each([
  ["collected", { tookOver: { afterMs: 1, standing: "ended" as const } }],
  ["fresh", { first: life(0, 0), cursorLines: 0, second: maker() }],
  ["again", { first: life(0, 4), second: maker(), programs: { started: 2, most: 1 } }],
  [
    "next turn",
    {
      first: life(0, 4, { results: [result] }),
      second: maker(),
      programs: { started: 2, most: 1 },
    },
  ],
])("%s is all right", (deed, change) => {
  expect(judged(change)).toMatchObject({ deed, lost: 0, wrong: [] });
});

describe("wrong is", () => {
  test.each<[string, Partial<CrashEvidence>, RegExp]>([
    ["a point that is not reached", { wasKilled: false }, /never got there/],
    ["a lost line", { second: adopter(3) }, /all 4 lines/],
    ["a repeat of what the cursor is behind of", { second: adopter(0) }, /before the stored/],
    ["a line beside the recording", { first: life(1, 2) }, /first output is not/],
    ["an end that does not come", { second: adopter(1, 3) }, /from some line on/],
    ["no result", { second: { ...adopter(1), results: [] } }, /0 results/],
    ["two results", { second: { ...adopter(1), results: [result, result] } }, /2 results/],
    [
      "another result",
      { second: { ...adopter(1), results: [{ ...result, summary: "else" }] } },
      /answer is the recorded/,
    ],
    ["two programs at once", { programs: { started: 2, most: 2 } }, /at once/],
    ["two programs", { programs: { started: 2, most: 1 } }, /2 programs/],
    [
      "a program run again before its output was read",
      { second: maker(), programs: { started: 2, most: 1 } },
      /again before/,
    ],
    ["a fresh program beside output", { second: maker() }, /fresh, after/],
    ["what is left", { left: ["jobs/x"] }, /jobs\/x/],
    ["a Lease of one that ended well", { leases: [{ name: "x", isKilled: false }] }, /Leases/],
    ["a Lease that no sweep takes", { unsweptLeases: ["x"] }, /no sweep/],
    ["a cursor that points nowhere", { cursorLines: undefined }, /points nowhere/],
    ["what broke the proof", { problem: "no end" }, /no end/],
  ])("%s", (_what, change, text) => {
    expect(judged(change).wrong.join("; ")).toMatch(text);
  });
});
