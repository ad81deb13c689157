import { expect, test } from "vitest";
import { verdict } from "../src/index.ts";
import type { ProcessEnd, VerdictKind } from "../src/index.ts";
import { read, summaryOfEvents } from "./support/read.ts";
import { answer, failed, init, ofType, result } from "./support/results.ts";

test.each<[output: string, end: ProcessEnd, kind: VerdictKind]>([
  ["", { exitCode: 1, stderr: "error: unknown option '--x'" }, "startup"],
  ["error: unknown option '--x'", { exitCode: 1 }, "startup"],
  ["", { exitCode: 127, stderr: "sh: claude: not found" }, "startup"],
  ["", { exitCode: 1, stderr: "No conversation found with session ID: x" }, "unknown_session"],
  ["No conversation found with session ID: x", { exitCode: 1 }, "unknown_session"],
  ["", { exitCode: 1, stderr: "Invalid API key · Please run /login" }, "auth"],
  ['[{"type":"system"},{"type":"result","result":"x"}]', { exitCode: 0 }, "not_a_stream"],
  ["Just the answer.", { exitCode: 0 }, "not_a_stream"],
  ["", { exitCode: 0 }, "truncated"],
  ["", {}, "truncated"],
  ["", { exitCode: null, signal: "SIGKILL" }, "truncated"],
  ["half", { exitCode: 137 }, "truncated"],
  [JSON.stringify(init), { exitCode: 0 }, "truncated"],
  [JSON.stringify(init), { exitCode: 1, stderr: "boom" }, "truncated"],
  [`${JSON.stringify(init)}\n${JSON.stringify(answer)}`, { exitCode: 0 }, "truncated"],
])("without a result: %j and %j is %s", (output, end, kind) => {
  expect(verdict(read([output]).summary, end)).toMatchObject({ kind, ok: false });
});

test("a run that ended while it tried a call again says so", () => {
  const retry = { type: "system", subtype: "api_retry", attempt: 1, error_status: 529 };
  expect(verdict(summaryOfEvents(init, retry), { exitCode: 143 }).evidence).toEqual([
    "no result event",
    "exit code 143",
    "it ended while trying again after 529",
  ]);
  expect(verdict(summaryOfEvents(init, retry, answer)).evidence).not.toContain("529");
});

test("the message quotes what was said, without its JSON", () => {
  expect(message(failed(ofType(429, "rate_limit_error")))).toBe(
    "The API's rate limit was hit: API Error: 429 The words.",
  );
  expect(message([init, answer, result({ result: 'Look: {"a":1} and {"b":2}\nso.' })])).toBe(
    "Claude answered: Look: …",
  );
  expect(message([init, answer])).toBe("The output ends before Claude was done: Yes.");
  expect(message([], { exitCode: 1, stderr: "\u001b[31merror:\u001b[0m no\n" })).toBe(
    "The CLI did not start: error: no",
  );
});

test.each<[what: string, events: object[], resetsAt: number | undefined]>([
  [
    "the event",
    [
      {
        type: "rate_limit_event",
        rate_limit_info: { status: "rejected", resetsAt: 1_900_000_000 },
      },
      ...failed("limit", { api_error: "usage_limit_reached" }),
    ],
    1_900_000_000,
  ],
  ["the old text", failed("Claude AI usage limit reached|1767225600"), 1_767_225_600],
  [
    "a date in words",
    failed("You're out of extra usage · resets Mar 17, 2030, 5:46pm (UTC)"),
    1_899_999_960,
  ],
  ["noon in words", failed("limit · resets Jan 1, 2030, 12am (UTC)"), 1_893_456_000],
  ["nothing", failed("5-hour limit reached · resets 3pm"), undefined],
  [
    "an event that allows",
    [
      { type: "rate_limit_event", rate_limit_info: { status: "allowed", resetsAt: 1 } },
      ...failed("x", { api_error_status: 429 }),
    ],
    undefined,
  ],
])("when the limit ends is read from %s", (_what, events, resetsAt) => {
  expect(verdict(summaryOfEvents(...events)).resetsAt).toBe(resetsAt);
});

function message(events: object[], end?: ProcessEnd): string {
  return verdict(summaryOfEvents(...events), end).message;
}
