import { createTranscript } from "@claude-k8s/claude-stream-parse";
import { expect, test } from "vitest";
import { type Activity, beginning, nextActivity } from "../src/run/activity.ts";

/** What the program does after these events. */
function after(...events: readonly object[]): Activity {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  return createTranscript().push(lines).reduce(nextActivity, beginning);
}

const reply = (content: readonly object[], parent: string | null = null): object => ({
  type: "assistant",
  parent_tool_use_id: parent,
  message: { id: "m", role: "assistant", content },
});
const answer = (parent: string | null = null): object => ({
  type: "user",
  parent_tool_use_id: parent,
  message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x" }] },
});
const call = (name: string): object => ({
  type: "tool_use",
  id: "t",
  name,
  input: { key: "secret" },
});
const text = (words: string): object => ({ type: "text", text: words });
const retry = { type: "system", subtype: "api_retry" };

test.each<[what: string, events: readonly object[], activity: Activity]>([
  ["nothing yet", [], { message: "Claude is running" }],
  [
    "a text",
    [reply([text("I will\n look  at it.")])],
    { message: "Claude is writing", snippet: "I will look at it." },
  ],
  [
    "a tool, its input untold",
    [reply([call("Bash")])],
    { message: "Claude is using Bash", tool: "Bash" },
  ],
  [
    "a text and a tool",
    [reply([text("Look:")]), reply([call("Bash")])],
    { message: "Claude is using Bash", tool: "Bash", snippet: "Look:" },
  ],
  [
    "several tools at once: the last",
    [reply([call("Read"), call("Grep")])],
    { message: "Claude is using Grep", tool: "Grep" },
  ],
  [
    "a tool that has answered",
    [reply([call("Bash")]), answer()],
    { message: "Claude is thinking" },
  ],
  [
    "a subagent, whose own tools are its affair",
    [reply([call("Task")]), reply([call("Bash")], "t"), answer("t")],
    { message: "Claude is using Task", tool: "Task" },
  ],
  [
    "a call of the provider that is repeated",
    [{ ...retry, attempt: 3, max_retries: 10, error_status: 529 }],
    { message: "The provider answered 529; Claude tries again, attempt 3 of 10" },
  ],
  [
    "one that had no answer",
    [retry],
    { message: "The provider gave no answer; Claude tries again" },
  ],
  [
    "a limit that is reached",
    [{ type: "rate_limit_event", rate_limit_info: { status: "rejected" } }],
    { message: "The provider's limit is reached" },
  ],
  [
    "one that is near",
    [{ type: "rate_limit_event", rate_limit_info: { status: "allowed_warning" } }],
    beginning,
  ],
  [
    "a result",
    [reply([text("Done.")]), { type: "result", subtype: "success", result: "Done." }],
    { message: "Claude has answered", snippet: "Done." },
  ],
])("%s", (_what, events, activity) => {
  expect(after(...events)).toEqual(activity);
});

test("names and texts of any length fit a line", () => {
  const { message, tool, snippet } = after(
    reply([text("a".repeat(1_000)), call("b".repeat(1_000))]),
  );
  expect([message.length, tool?.length, snippet?.length]).toEqual([76, 60, 160]);
});
