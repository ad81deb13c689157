import { createHash } from "node:crypto";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";

import { record } from "../../src/recorder/record.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";

const never = new AbortController().signal;

/** Runs a script in this Node; `stdin` is what it reads. */
function recordScript(
  script: string,
  more: {
    readonly stdin?: Uint8Array;
    readonly killAfterBytes?: number;
    readonly signal?: AbortSignal;
  } = {},
): ReturnType<typeof record> {
  return record({
    command: [process.execPath, "-e", script],
    about: "a script",
    stdin: new Uint8Array(),
    signal: never,
    ...more,
  });
}

test("what goes in comes out, byte for byte, with the exit code", async () => {
  const stdin = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
  const recording = await recordScript("process.stdin.pipe(process.stdout)", { stdin });
  expect(recordedBytes(recording, "stdout")).toEqual(stdin);
  expect(recording.end).toMatchObject({ code: 0 });
  expect(recording.about.stdin).toEqual({
    bytes: 300_000,
    sha256: createHash("sha256").update(stdin).digest("hex"),
  });
});

test("writes that are apart in time are apart in the recording, in order, with their stream", async () => {
  const recording = await recordScript(`
    const steps = [["stdout", "one"], ["stderr", "two"], ["stdout", "three"]];
    const next = () => {
      const [stream, text] = steps.shift() ?? process.exit(3);
      process[stream].write(text, () => setTimeout(next, 60));
    };
    next();`);
  expect(
    recording.chunks.map(({ stream, bytes }) => [stream, new TextDecoder().decode(bytes)]),
  ).toEqual([
    ["stdout", "one"],
    ["stderr", "two"],
    ["stdout", "three"],
  ]);
  const times = [...recording.chunks.map(({ at }) => at), recording.end.at];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(recording.end).toMatchObject({ code: 3 });
});

test("a kill after so many bytes ends it with the signal", async () => {
  const recording = await recordScript("setInterval(() => process.stdout.write('0123456789'), 1)", {
    killAfterBytes: 25,
  });
  expect(recording.end.signal).toBe("SIGKILL");
  expect(recordedBytes(recording, "stdout").byteLength).toBeGreaterThanOrEqual(25);
});

test("an abort is a SIGTERM, and what the command still says is kept", async () => {
  const stop = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), "record-"));
  const ready = join(folder, "ready");
  try {
    const recording = recordScript(
      `process.on("SIGTERM", () => process.stdout.write("bye", () => process.exit(143)));
       process.stdout.write("up", () => require("node:fs").writeFileSync(${JSON.stringify(ready)}, ""));
       setInterval(() => {}, 1000);`,
      { signal: stop.signal },
    );
    await vi.waitFor(() => access(ready), { timeout: 20_000 });
    stop.abort();
    const { chunks, end } = await recording;
    expect(new TextDecoder().decode(Buffer.concat(chunks.map(({ bytes }) => bytes)))).toBe("upbye");
    expect(end).toMatchObject({ code: 143 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a command that is not there is named", async () => {
  await expect(
    record({ command: ["no-such-command"], about: "", stdin: new Uint8Array(), signal: never }),
  ).rejects.toMatchObject({ code: "EXAMPLE_COMMAND", message: /Cannot run no-such-command: / });
});
