import { expect, test } from "vitest";
import {
  describe,
  describePartialRun,
  describeTruncation,
  isLoginRequired,
  loginUrl,
  parseLine,
  renderEvent,
} from "../src/index.ts";
import { read, lines, summaryOfEvents } from "./support/read.ts";

const init = { type: "system", subtype: "init", model: "claude-sonnet-4-6", session_id: "s" };
const partial = (output: string, exitCode: number | null, rest: object = {}): string =>
  describePartialRun(read([output]).summary, { exitCode, ...rest });

test.each<[output: string, exitCode: number | null, text: string]>([
  ["anything", 0, "Failed to parse Claude JSON output"],
  ["", 1, "Claude exited with code 1"],
  ["", null, "Claude exited with code -1"],
  [
    lines(init),
    1,
    "Claude exited immediately after init (model: claude-sonnet-4-6) (exit code 1) — the model may be unsupported or the session may have been rejected before producing output",
  ],
  [
    `${lines(init)}Error: no API key configured`,
    1,
    "Claude exited with code 1: Error: no API key configured",
  ],
  ["Some plain error text", null, "Claude exited with code -1: Some plain error text"],
  [
    `${lines(init, { type: "user" }, { type: "rate_limit_event" })}real error line\nsecond`,
    1,
    "Claude exited with code 1: real error line",
  ],
  [
    lines(init, { type: "rate_limit_event" }),
    null,
    "Claude started but did not produce a result (model: claude-sonnet-4-6) — check API credentials, model support, and adapter config",
  ],
])("a partial run is explained: %j, exit %j", (output, exitCode, text) => {
  expect(partial(output, exitCode)).toBe(text);
});

test("JSON that is no event is not quoted either", () => {
  expect(partial('{"level":"debug"}\n[1]\nreal words', 1)).toBe(
    "Claude exited with code 1: real words",
  );
});

test("the caller's model goes before the init event's, and events are never quoted", () => {
  const text = partial(lines(init, { type: "result", subtype: "x" }), 2, { model: "other" });
  expect(text).toContain("(model: other) (exit code 2)");
  expect(text).not.toMatch(/type|system|\{/);
});

test.each<[container: object | null, suffix: string]>([
  [null, ""],
  [{ exitCode: 1 }, ""],
  [
    { exitCode: 1, reason: "Error", message: "model not supported" },
    " [pod: reason=Error, message=model not supported]",
  ],
  [
    { exitCode: 137, reason: "OOMKilled" },
    " [pod: reason=OOMKilled, SIGKILL (commonly OOMKilled)]",
  ],
])("the container's end %j is added", (container, suffix) => {
  expect(partial("Error: bad request", 1, { container })).toBe(
    `Claude exited with code 1: Error: bad request${suffix}`,
  );
});

test.each<[container: object | null, text: string]>([
  [null, "pod state unavailable"],
  [
    { exitCode: 137, reason: "OOMKilled", message: "out" },
    "exit code 137 (SIGKILL, commonly OOMKilled), reason=OOMKilled, message=out",
  ],
  [{ exitCode: 143 }, "exit code 143 (SIGTERM)"],
  [{ exitCode: 3 }, "exit code 3"],
  [{ exitCode: null, reason: "Error" }, "no exit code, reason=Error"],
])("what cut an answer short: %j", (container, text) => {
  expect(describeTruncation(container)).toBe(text);
});

const login = (text: string, isError = true): ReturnType<typeof summaryOfEvents> =>
  summaryOfEvents(init, { type: "result", subtype: "success", is_error: isError, result: text });

test.each([
  ["Not logged in · Please run /login", true],
  ["Invalid API key · Please run /login", true],
  ["OAuth token has expired", true],
  ["Invalid API key · Fix external API key", false],
])("%s: login required is %s, and never for an answer", (text, required) => {
  expect(isLoginRequired(login(text))).toBe(required);
  expect(isLoginRequired(login(text, false))).toBe(false);
});

test("the login address is Claude's or Anthropic's own, and never from an answer", () => {
  const text = "Please run /login or open https://claude.ai/oauth/authorize?code=true.";
  expect(loginUrl(login(text))).toBe("https://claude.ai/oauth/authorize?code=true");
  expect(loginUrl(login(text, false))).toBeUndefined();
  expect(loginUrl(login("Please run /login at https://claude.ai.evil.example/x"))).toBeUndefined();
  const { summary } = read(["Visit https://console.anthropic.com/login\n"]);
  expect(loginUrl(summary, { exitCode: 1 })).toBe("https://console.anthropic.com/login");
});

test("a transcript in a sentence", () => {
  const used = { usage: { input_tokens: 90, output_tokens: 10 }, total_cost_usd: 0.0123 };
  expect(
    describe(
      summaryOfEvents(init, { type: "result", subtype: "success", result: "Yes.", ...used }),
    ),
  ).toBe("Claude answered: Yes. (model claude-sonnet-4-6, 100 tokens, $0.0123)");
  expect(describe(read([""]).summary)).toBe("The output ends before Claude was done.");
});

const rendered = (event: object, options?: object): string[] =>
  renderEvent(parseLine(JSON.stringify(event)), options);
const says = (...content: object[]): object => ({ type: "assistant", message: { content } });

test.each<[event: object, lines: string[]]>([
  [init, ["● claude-sonnet-4-6 · session s"]],
  [says({ type: "text", text: "one\ntwo" }), ["one", "two"]],
  [says({ type: "tool_use", name: "Bash", input: { command: "ls\n -l" } }), ["→ Bash ls -l"]],
  [says({ type: "tool_use", name: "New", input: { a: 1, b: 2 } }), ["→ New { a, b }"]],
  [says({ type: "tool_use", name: "Odd", input: 7 }), ["→ Odd"]],
  [
    { type: "user", message: { content: [{ type: "tool_result", content: "word ".repeat(500) }] } },
    [`  ← 2.5k chars ${"word ".repeat(16)}word…`],
  ],
  [
    {
      type: "user",
      message: {
        content: [
          { type: "tool_result", content: [{ type: "image" }, { type: "text", text: "t" }] },
        ],
      },
    },
    ["  ← 1 chars 1 image t"],
  ],
  [
    { type: "result", subtype: "success", result: "x", num_turns: 2, total_cost_usd: 0.5 },
    ["✓ done · 2 turns · $0.5000"],
  ],
  [
    { type: "result", subtype: "error_max_turns", errors: ["Too many"] },
    ["✗ error_max_turns", "  Too many"],
  ],
  [
    { type: "system", subtype: "api_retry", attempt: 1, max_retries: 2, error_status: 529 },
    ["! 529: attempt 1 of 2 failed, trying again"],
  ],
  [{ type: "rate_limit_event", rate_limit_info: { status: "allowed" } }, []],
  [{ type: "brand_new" }, []],
  [{}, ["  {}"]],
])("%j is shown", (event, lines) => {
  expect(rendered(event)).toEqual(lines);
});

test("thinking is dimmed, and only with colour are there escapes", () => {
  const event = says({ type: "thinking", thinking: "hm" });
  expect(rendered(event)).toEqual(["hm"]);
  expect(rendered(event, { color: true })).toEqual(["\u001b[2mhm\u001b[0m"]);
});

test("control characters, escapes and direction marks do not reach the terminal", () => {
  const text = "a\u001b[2Jb\u001b]0;title\u0007c\u0000d\u202ee\u009bf\rg";
  expect(rendered(says({ type: "text", text }))).toEqual(["abcdef", "g"]);
  expect(
    rendered(says({ type: "tool_use", name: "B\u001b[1m\n", input: { command: text } })),
  ).toEqual(["→ B  abcdef g"]);
});

test("lines keep the width, wide characters count twice, and pairs stay whole", () => {
  const text = `${"word ".repeat(20)}${"漢字".repeat(20)}${"👩‍👩‍👧".repeat(20)}`;
  const shown = rendered(says({ type: "text", text }), { width: 30 });
  expect(shown.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  for (const line of shown) {
    expect(line).not.toMatch(/\p{Cs}/u);
    expect(line.replace(/[漢字]/g, "xx").replace(/👩‍👩‍👧/g, "xxxxxx").length).toBeLessThanOrEqual(30);
  }
});
