import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";

import { recordingsFolder } from "../../src/folders.ts";
import { readRecording } from "../../src/recorder/read-recording.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { type ImageContext, writeImageContext } from "../../src/replay/image-context.ts";
import { recordingFile } from "../../src/replay/recordings-folder.ts";
import { usualFlags } from "./support.ts";

let folder: string;
let context: ImageContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "image-context-"));
  context = await writeImageContext(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The file as the image runs it: by its own first line, with the recordings where they lie beside it. */
function start(
  env: Record<string, string>,
  args: readonly string[] = usualFlags,
): ChildProcessWithoutNullStreams {
  return spawn(context.claude, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: "pipe",
  });
}

test("the single file replays byte for byte, through a pipe that is read slowly", async () => {
  const recording = await readRecording(recordingFile(recordingsFolder, "healthy"));
  const child = start({ CLAUDE_REPLAY: "healthy", CLAUDE_REPLAY_SPEED: "0" });
  child.stdin.end("Grüße");
  const chunks: Uint8Array[] = [];
  for await (const chunk of child.stdout) {
    chunks.push(chunk);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(Buffer.concat(chunks).equals(recordedBytes(recording, "stdout"))).toBe(true);
  expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(0);
});

test("many lines are all out when it exits", async () => {
  const child = start({ CLAUDE_REPLAY: "lines:5000", CLAUDE_REPLAY_SPEED: "0" });
  child.stdin.end("x");
  const [bytes] = await Promise.all([buffer(child.stdout), once(child, "exit")]);
  expect(bytes.toString().split("\n")).toHaveLength(5001);
});

test("SIGTERM ends it with 143 while it is silent", async () => {
  const silent = start({ CLAUDE_REPLAY: "silent:60" });
  silent.stdin.end("x");
  await once(silent.stdout, "data");
  silent.kill("SIGTERM");
  expect((await once(silent, "exit"))[0]).toBe(143);
});

test("ignore-sigterm lives on until SIGKILL", async () => {
  const child = start({ CLAUDE_REPLAY: "ignore-sigterm" });
  child.stdin.end("x");
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const exit = once(child, "exit");
  const after = await Promise.race([
    exit,
    new Promise((resolve) => setTimeout(resolve, 200, "alive")),
  ]);
  expect(after).toBe("alive");
  child.kill("SIGKILL");
  expect(await exit).toEqual([null, "SIGKILL"]);
});

test("a reader that goes away does not make it fail", async () => {
  const child = start({ CLAUDE_REPLAY: "lines:20000", CLAUDE_REPLAY_SPEED: "0" });
  child.stdin.end("x");
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
});

test("--version needs no prompt", async () => {
  const child = start({}, ["--version"]);
  expect(await text(child.stdout)).toBe("2.1.330 (Claude Code)\n");
});
