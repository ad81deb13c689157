import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";

import { play, usualFlags } from "./support.ts";

const fast = { CLAUDE_REPLAY_SPEED: "0" };
const scenario = (name: string): Record<string, string> => ({ ...fast, CLAUDE_REPLAY: name });

function events(stdout: Buffer): { type: string; is_error?: boolean }[] {
  return stdout
    .toString()
    .split("\n")
    .slice(0, -1)
    .map((line): { type: string } => JSON.parse(line));
}
const types = (stdout: Buffer): string[] => events(stdout).map(({ type }) => type);

describe("made-up scenarios", () => {
  test("silent: init, the silence, a success", async () => {
    const played = await play({ env: { CLAUDE_REPLAY: "silent:90" } });
    expect(types(played.stdout)).toEqual(["system", "result"]);
    expect(played).toMatchObject({ code: 0, sleeps: [90_000] });
  });

  test("exit: five lines, no result, the code", async () => {
    const played = await play({ env: scenario("exit:3") });
    expect(types(played.stdout)).toEqual(["system", ...Array<string>(4).fill("assistant")]);
    expect(played.code).toBe(3);
  });

  test.each([2, 3, 1000])("lines:%i is so many lines", async (lines) => {
    const played = await play({ env: scenario(`lines:${lines}`) });
    expect(events(played.stdout)).toHaveLength(lines);
    expect(types(played.stdout).at(-1)).toBe("result");
    expect(new Set(played.stdout.toString().split("\n")).size).toBe(lines + 1);
  });

  test("blocks: events of one message, by its id", async () => {
    const { stdout } = await play({ env: scenario("blocks:4") });
    expect(types(stdout)).toEqual(["system", ...Array<string>(4).fill("assistant"), "result"]);
    expect(stdout.toString().match(/"id":"msg_1"/g)).toHaveLength(4);
    expect(new Set(stdout.toString().match(/"uuid":"[^"]+"/g)).size).toBe(6);
  });

  test.each([1024, 65_536, 5_000_001])("big-line:%i has a line of so many bytes", async (bytes) => {
    const { stdout } = await play({ env: scenario(`big-line:${bytes}`) });
    const lines = stdout.toString().split("\n");
    expect(Buffer.byteLength(`${lines[1]}\n`)).toBe(bytes);
    expect(types(stdout)).toEqual(["system", "assistant", "result"]);
  });
});

describe("SIGTERM", () => {
  test.each(["healthy", "silent:90", "hang", "lines:1000"])("ends %s with 143", async (name) => {
    const played = await play({ env: { CLAUDE_REPLAY: name }, sigtermInSleep: 1 });
    expect(played.code).toBe(143);
    expect(types(played.stdout)).not.toContain("result");
  });

  test("ends it with 143 while it waits for the rest of its prompt", async () => {
    const played = await play({ sigtermInPrompt: true });
    expect(played.code).toBe(143);
    expect(played.stdout).toHaveLength(0);
  });

  test("does not end ignore-sigterm: it sleeps on", async () => {
    const played = await play({ env: { CLAUDE_REPLAY: "ignore-sigterm" }, sigtermInSleep: 1 });
    expect(played.sleeps).toHaveLength(2);
    expect(played.code).not.toBe(143);
  });
});

describe("what the CLI refuses, or a replay cannot play", () => {
  test.each([
    ["no format", ["--print", "--verbose"], /expected --output-format stream-json, it is missing/],
    ["another format", ["-p", "--output-format=json", "--verbose"], /got json/],
    ["no --verbose", ["-p", "--output-format=stream-json"], /stream-json requires --verbose/],
    ["no --print", ["--output-format", "stream-json", "--verbose"], /add --print/],
  ])("%s", async (_name, args, message) => {
    const played = await play({ args, env: fast });
    expect(played).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(played.stdout).toHaveLength(0);
  });

  test("an empty prompt", async () => {
    const played = await play({ stdin: "", env: fast });
    expect(played).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Input must be provided/),
    });
    expect(played.stdout).toHaveLength(0);
  });

  test.each([
    [
      "helthy",
      /CLAUDE_REPLAY=helthy: no such recording in .*; there are: api-error, auth-error, healthy/,
    ],
    ["../x", /CLAUDE_REPLAY=\.\.\/x: expected the name of a recording, or one of silent:SECONDS/],
    ["silent", /after the colon, expected a number from 0/],
    ["silent:", /after the colon, expected a number/],
    ["exit:3.5", /expected a whole number from 0 to 255/],
    ["exit:256", /expected a whole number from 0 to 255/],
    ["lines:1", /expected a whole number from 2/],
    ["hang:1", /expected the name of a recording/],
    ["exit:1:2", /expected the name of a recording/],
  ])("CLAUDE_REPLAY=%s", async (name, message) => {
    const played = await play({ env: scenario(name) });
    expect(played).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(played.stdout).toHaveLength(0);
  });

  test.each(["fast", "-1"])("CLAUDE_REPLAY_SPEED=%s", async (speed) => {
    const played = await play({ env: { CLAUDE_REPLAY_SPEED: speed } });
    expect(played).toMatchObject({ code: 1, stderr: expect.stringMatching(/at least 0/) });
  });

  test("a folder that is not there", async () => {
    const played = await play({ folder: "/no/such/folder", env: fast });
    expect(played).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/No folder of recordings at \/no\/such\/folder/),
    });
  });
});

test("flags that change nothing are taken as they come", async () => {
  const args = [...usualFlags, "--resume", "x", "--not-known-yet", "--model=opus"];
  expect(await play({ args, env: scenario("exit:0") })).toMatchObject({ code: 0, stderr: "" });
});

test("--version is that of the recorded CLI", async () => {
  const played = await play({ args: ["--version"], stdin: "" });
  expect(played.stdout.toString()).toBe("2.1.330 (Claude Code)\n");
});

test("the prompt's size and hash go to stderr when asked for", async () => {
  const stdin = "Grüße, 世界 👋\n";
  const env = { ...scenario("exit:0"), CLAUDE_REPLAY_ECHO_PROMPT_HASH: "1" };
  const sha256 = createHash("sha256").update(stdin).digest("hex");
  const size = Buffer.byteLength(stdin);
  expect((await play({ stdin, env })).stderr).toBe(
    `claude-replay: prompt of ${size} bytes, sha256 ${sha256}\n`,
  );
});

test("each write is awaited before the next", async () => {
  let open = 0;
  let most = 0;
  await play({
    env: scenario("lines:50"),
    write: async () => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
    },
  });
  expect(most).toBe(1);
});
