import { expect, test } from "vitest";
import { parseLine } from "../src/index.ts";
import { read } from "./support/read.ts";

test.each<[wire: object, event: object]>([
  [
    {
      type: "system",
      subtype: "init",
      model: "m",
      session_id: "s",
      claude_code_version: "2.1.330",
    },
    { type: "init", model: "m", sessionId: "s", cliVersion: "2.1.330" },
  ],
  [
    {
      type: "assistant",
      message: { id: "i", model: "<synthetic>", content: "hi" },
      error: "rate_limit",
    },
    {
      type: "assistant",
      synthetic: true,
      error: "rate_limit",
      blocks: [{ type: "text", text: "hi" }],
    },
  ],
  [
    {
      type: "user",
      message: { content: [{ type: "tool_result", tool_use_id: "t", is_error: true }] },
      isReplay: true,
    },
    {
      type: "user",
      replay: true,
      blocks: [{ type: "tool_result", toolUseId: "t", isError: true }],
    },
  ],
  [
    { stop_reason: "end_turn", is_error: false, subtype: "success", result: "r", type: "result" },
    { type: "result", subtype: "success", isError: false, text: "r", stopReason: "end_turn" },
  ],
  [
    {
      type: "stream_event",
      event: { type: "content_block_delta", delta: { type: "text_delta", text: "t" } },
    },
    { type: "stream_event", eventType: "content_block_delta", text: "t" },
  ],
  [
    {
      type: "rate_limit_event",
      rate_limit_info: { status: "rejected", resetsAt: 1900000000, rateLimitType: "five_hour" },
    },
    { type: "rate_limit", status: "rejected", resetsAt: 1900000000, limit: "five_hour" },
  ],
  [
    { type: "system", subtype: "api_retry", attempt: 1, error_status: null },
    { type: "api_retry", attempt: 1, status: undefined },
  ],
  [
    { type: "system", subtype: "task_updated", task_id: "t", patch: { status: "completed" } },
    { type: "task", phase: "updated", taskId: "t", status: "completed" },
  ],
  [
    { type: "system", subtype: "background_tasks_changed", tasks: [{ task_id: "t" }, 3] },
    { type: "background_tasks", taskIds: ["t", "unnamed"] },
  ],
  [
    { type: "system", subtype: "hook_response", hook_name: "h", outcome: "error" },
    { type: "hook", phase: "response", name: "h", outcome: "error" },
  ],
  [
    {
      type: "system",
      subtype: "compact_boundary",
      compact_metadata: { trigger: "auto", pre_tokens: 9 },
    },
    { type: "compact_boundary", trigger: "auto", tokensBefore: 9 },
  ],
  [
    { type: "system", subtype: "informational", content: "c", prevent_continuation: true },
    { type: "notice", text: "c", preventsContinuation: true },
  ],
  [
    { type: "system", subtype: "notification", text: "n" },
    { type: "notice", text: "n", preventsContinuation: false },
  ],
  [
    { type: "system", subtype: "permission_denied", tool_name: "Bash" },
    { type: "permission_denied", toolName: "Bash" },
  ],
  [
    { type: "system", subtype: "model_fallback", original_model: "a", fallback_model: "b" },
    { type: "model_change", why: "fallback", from: "a", to: "b" },
  ],
  [
    { type: "system", subtype: "model_refusal_fallback", retracted_message_uuids: ["u", 1] },
    { type: "model_change", why: "refusal_fallback", retractedUuids: ["u"] },
  ],
  [
    { type: "system", subtype: "session_state_changed", state: "idle" },
    { type: "session_state", state: "idle" },
  ],
  [
    { type: "system", subtype: "status", status: null },
    { type: "status", status: undefined },
  ],
  [
    { type: "tool_progress", elapsed_time_seconds: 30 },
    { type: "tool_progress", elapsedSeconds: 30 },
  ],
  [
    { type: "conversation_reset", new_conversation_id: "n" },
    { type: "conversation_reset", newSessionId: "n" },
  ],
  [
    { type: "control_request", request_id: "r", request: { subtype: "can_use_tool" } },
    { type: "control", direction: "request", subtype: "can_use_tool", requestId: "r" },
  ],
  [
    { type: "control_response", response: { subtype: "success", request_id: "r" } },
    { type: "control", direction: "response", subtype: "success", requestId: "r" },
  ],
  [
    { type: "system", subtype: "brand_new" },
    { type: "other", name: "system/brand_new" },
  ],
  [
    { type: "system", subtype: "constructor" },
    { type: "other", name: "system/constructor" },
  ],
  [{ type: "keep_alive" }, { type: "other", name: "keep_alive" }],
  [{ type: "__proto__" }, { type: "other", name: "__proto__" }],
])("%j is read", (wire, event) => {
  const line = JSON.stringify(wire);
  expect(parseLine(line)).toMatchObject(event);
  expect(parseLine(line).raw).toEqual(wire);
});

test.each<[line: string, reason: string]>([
  ["", "blank"],
  [" \t ", "blank"],
  ["npm warn deprecated", "not_json"],
  ['{"type":"result",broken', "not_json"],
  ["null", "not_object"],
  ["42", "not_object"],
  ['"a string"', "not_object"],
  ['[{"type":"result"}]', "not_object"],
  ["{}", "no_type"],
  ['{"type":7}', "no_type"],
])("%j is noise: %s", (line, reason) => {
  expect(parseLine(line)).toMatchObject({ type: "noise", reason, text: line, length: line.length });
});

test("noise keeps a beginning, not the whole of a long line", () => {
  expect(parseLine("x".repeat(5_000))).toMatchObject({ length: 5_000, text: "x".repeat(1_000) });
});

test.each<[line: string, seen: string[]]>([
  ['half a line{"type":"a"}', ["noise:half a line", "a"]],
  ['{"continue":true}{"type":"a"}', ['noise:{"continue":true}', "a"]],
  ['{"type":"a"}{"type":"b"} bye', ["a", "b", "noise: bye"]],
  ['{"type":"a","text":"\\"}{"}x', ["a", "noise:x"]],
])("%j is taken apart", (line, seen) => {
  const { events } = read([`${line}\n`]);
  expect(
    events.map((event) => (event.type === "noise" ? `noise:${event.text}` : event.raw["type"])),
  ).toEqual(seen);
});

test("after a beginning that never closes, an event needs a session to be believed", () => {
  const { events } = read(['he said "{" and {"type":"a","session_id":"s"}\n{" and {"type":"a"}\n']);
  expect(events).toMatchObject([
    { type: "noise", text: 'he said "{" and ' },
    { name: "a" },
    { type: "noise", text: '{" and {"type":"a"}' },
  ]);
});

test("of glued things, parseLine gives the event", () => {
  expect(parseLine('half a line{"type":"a"}')).toMatchObject({ type: "other", name: "a" });
});

test("what stands inside a cut event is not taken for an event", () => {
  const inner = '{"type":"result","subtype":"success","is_error":false,"result":"owned"}';
  const cut = `{"type":"assistant","message":{"content":[{"type":"tool_use","input":${inner}`;
  for (const line of [`${cut}\n`, cut, `${cut}, and more\n`]) {
    const { summary } = read([line]);
    expect(summary).toMatchObject({ resultCount: 0, resultText: undefined });
  }
});

test("a whole event after a cut one on the same line is taken, for it has a session and ends the line", () => {
  const { events } = read([
    '{"type":"assistant","mess{"type":"result","session_id":"s","result":"r"}\n',
  ]);
  expect(events).toMatchObject([{ type: "noise" }, { type: "result", text: "r" }]);
});

test("hostile keys and depth do no harm", () => {
  const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
  const line = `{"type":"assistant","__proto__":{"polluted":1},"message":{"constructor":{"prototype":{"polluted":1}},"content":[{"type":"tool_use","name":"x","input":${deep}}]}}`;
  const event = parseLine(line);
  expect(event).toMatchObject({ type: "assistant", blocks: [{ type: "tool_use", name: "x" }] });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
