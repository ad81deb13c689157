import { expect, test } from "vitest";
import { createTranscript } from "../src/index.ts";
import { lines, summaryOfEvents } from "./support/read.ts";

const session = { session_id: "s" };
const init = { type: "system", subtype: "init", model: "m", ...session };
const usage = (input: number, output: number): object => ({
  input_tokens: input,
  output_tokens: output,
});
const said = (text: string, message: object = {}, rest: object = {}): object => ({
  type: "assistant",
  message: {
    id: text,
    model: "m",
    content: [{ type: "text", text }],
    usage: usage(10, 1),
    ...message,
  },
  ...session,
  ...rest,
});
const result = (rest: object = {}): object => ({
  type: "result",
  subtype: "success",
  result: "r",
  ...session,
  ...rest,
});
const used = (input: number, output: number, costUSD = 0): object => ({
  m: { inputTokens: input, outputTokens: output, costUSD },
});
const tokens = (inputTokens: number, outputTokens: number): object => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

const empty = said("", { content: [], stop_reason: null, usage: usage(5, 0) });

test.each<[saw: string, events: object[], end: string]>([
  ["nothing", [], "nothing"],
  ["only noise", [{ no: "type" }], "noise-only"],
  ["a hook before init", [{ type: "system", subtype: "hook_started" }], "other-events"],
  ["init and then silence", [{ no: "type" }, init], "init-only"],
  ["an answer without a result", [init, said("a")], "truncated"],
  ["an empty answer", [init, empty], "empty-response"],
  ["an empty answer after a real one", [init, said("a"), empty], "truncated"],
  ["only a subagent's answer", [init, said("a", {}, { parent_tool_use_id: "t" })], "init-only"],
  ["a result", [init, said("a"), result()], "result"],
  ["noise after a result", [init, result(), { no: "type" }], "result"],
])("a stream that shows %s ends in the right place", (_saw, events, end) => {
  expect(summaryOfEvents(...events).end).toBe(end);
});

test.each<[what: string, events: object[], expected: object]>([
  [
    "what was used since the last result, summed over results, is best",
    [
      init,
      result({
        model_usage_since_last_result: used(1, 2, 0.5),
        modelUsage: used(90, 90),
        total_cost_usd: 9,
      }),
      result({
        model_usage_since_last_result: used(3, 4, 0.25),
        modelUsage: used(99, 99),
        total_cost_usd: 9.5,
      }),
    ],
    { usage: tokens(4, 6), usageSource: "since_last_result", costUsd: 0.75 },
  ],
  [
    "a resumed session's totals are not this run's when nothing was used since",
    [
      init,
      result({
        is_error: true,
        model_usage_since_last_result: {},
        modelUsage: used(90, 90),
        usage: usage(0, 0),
        total_cost_usd: 9,
      }),
    ],
    { usage: tokens(0, 0), usageSource: "result_usage", costUsd: 0 },
  ],
  [
    "else the last modelUsage, which is cumulative",
    [
      init,
      result({ modelUsage: used(1, 1), total_cost_usd: 1 }),
      result({ modelUsage: used(3, 4), usage: usage(2, 3), total_cost_usd: 2 }),
    ],
    { usage: tokens(3, 4), usageSource: "model_usage", costUsd: 2 },
  ],
  [
    "else the results' own usage, summed",
    [
      init,
      said("a"),
      result({ usage: usage(1, 2) }),
      result({ usage: usage(3, 4), modelUsage: {} }),
    ],
    { usage: tokens(4, 6), usageSource: "result_usage", costUsd: undefined },
  ],
  [
    "else the messages: the last usage of each, once",
    [
      init,
      said("a"),
      said("a", { usage: usage(10, 7) }),
      said("b"),
      said("sub", {}, { parent_tool_use_id: "t" }),
    ],
    { usage: tokens(30, 9), usageSource: "messages", costUsd: undefined, partial: { usage: true } },
  ],
  [
    "with partial messages, the end of each message",
    [
      init,
      {
        type: "stream_event",
        event: { type: "message_start", message: { id: "a", usage: usage(10, 1) } },
      },
      said("a"),
      { type: "stream_event", event: { type: "message_delta", usage: { output_tokens: 70 } } },
      said("a"),
      {
        type: "stream_event",
        event: { type: "message_start", message: { id: "b", usage: usage(10, 1) } },
      },
    ],
    { usage: tokens(10, 70), usageSource: "messages" },
  ],
  [
    "null and missing counters are zero",
    [init, result({ usage: { input_tokens: null, output_tokens: "9" } })],
    { usage: tokens(0, 0) },
  ],
])("usage: %s", (_what, events, expected) => {
  expect(summaryOfEvents(...events)).toMatchObject(expected);
});

test("several text blocks of one message are several texts; the last one counts", () => {
  const summary = summaryOfEvents(init, said("first", { id: "i" }), said("second", { id: "i" }));
  expect(summary.lastAssistantText).toBe("second");
});

test("an event that comes again by its uuid counts once", () => {
  const call = said("", { content: [{ type: "tool_use", id: "t", name: "Bash" }] }, { uuid: "u" });
  expect(summaryOfEvents(init, call, call).toolCalls).toBe(1);
});

test("a message that was taken back is no answer", () => {
  const bad = said("bad", {}, { uuid: "u2" });
  const retract = {
    type: "system",
    subtype: "model_refusal_fallback",
    retracted_message_uuids: ["u2"],
  };
  expect(
    summaryOfEvents(init, said("good", {}, { uuid: "u1" }), bad, retract).lastAssistantText,
  ).toBe("good");
  expect(
    summaryOfEvents(init, bad, said("new", {}, { supersedes: ["u2"] })).lastAssistantText,
  ).toBe("new");
});

test("sessions: the last result's, else the first seen; all of them are listed", () => {
  const other = { ...init, session_id: "t" };
  expect(summaryOfEvents(init, other)).toMatchObject({ sessionId: "s", sessionIds: ["s", "t"] });
  expect(summaryOfEvents(init, other, result({ session_id: "t" }))).toMatchObject({
    sessionId: "t",
  });
});

const set = (...ids: string[]): object => ({
  type: "system",
  subtype: "background_tasks_changed",
  tasks: ids.map((task_id) => ({ task_id })),
});
const task = (subtype: string, rest: object): object => ({
  type: "system",
  subtype,
  task_id: "a",
  ...rest,
});

test("background tasks: the set as the CLI tells it, else what was started and not ended", () => {
  expect(summaryOfEvents(set("a", "b"), result(), set("b")).openBackgroundTasks).toEqual(["b"]);
  const started = task("task_started", { is_backgrounded: true });
  expect(summaryOfEvents(started).openBackgroundTasks).toEqual(["a"]);
  expect(summaryOfEvents(started, task("task_notification", {})).openBackgroundTasks).toEqual([]);
  expect(
    summaryOfEvents(started, task("task_updated", { patch: { status: "failed" } }))
      .openBackgroundTasks,
  ).toEqual([]);
});

test("what comes after the last result is named, and a reply there leaves the figures open", () => {
  const idle = { type: "system", subtype: "session_state_changed", state: "idle" };
  const summary = summaryOfEvents(init, result({ usage: usage(1, 1) }), idle, init, said("more"));
  expect(summary.eventsAfterLastResult).toEqual([
    "system/session_state_changed",
    "system/init",
    "assistant",
  ]);
  expect(summary.partial.usage).toBe(true);
  expect(summaryOfEvents(init, said("a"), result({ usage: usage(1, 1) })).partial.usage).toBe(
    false,
  );
});

test("noise is counted, and its first and last lines are kept", () => {
  const transcript = createTranscript();
  for (let i = 0; i < 20; i++) transcript.push(`line ${i}\n\n`);
  expect(transcript.summary.noise).toMatchObject({
    count: 40,
    reasons: { not_json: 20, blank: 20 },
  });
  expect(transcript.summary.noise.first).toEqual([
    "line 0",
    "line 1",
    "line 2",
    "line 3",
    "line 4",
  ]);
  expect(transcript.summary.noise.last.at(-1)).toBe("line 19");
});

test("what is remembered has a bound", () => {
  const transcript = createTranscript();
  for (let i = 0; i < 3_000; i++) {
    const rest = { uuid: `uuid ${i}`, session_id: `session ${i}` };
    const message = { id: `message ${i}`, model: `model ${i}` };
    transcript.push(
      lines(said("x", message, rest), result({ ...rest, uuid: `result ${i}` }), {
        ...init,
        ...rest,
        uuid: `init ${i}`,
      }),
    );
  }
  const { summary } = transcript;
  const { uuids, messages } = summary.memory;
  expect([uuids.members.size, uuids.ring.length, messages.size]).toEqual([1_024, 1_024, 1_024]);
  expect([summary.results.length, summary.resultCount]).toEqual([32, 3_000]);
  expect([summary.sessionIds.length, summary.answeringModels.length]).toEqual([64, 64]);
  expect(summary.results[0]?.sessionId).toBe("session 0");
  expect(summary.results.at(-1)?.sessionId).toBe("session 2999");
});

test("a summary does not change when more is read", () => {
  const transcript = createTranscript();
  transcript.push(lines(init));
  const { summary } = transcript;
  const then = JSON.stringify(summary);
  transcript.push(lines(said("a"), result(), { no: "type" }));
  expect(JSON.stringify(summary)).toBe(then);
  expect(transcript.summary.resultCount).toBe(1);
});
