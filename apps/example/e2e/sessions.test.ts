// Recorded sessions, as the CLI wrote them: every byte arrives, and the result is right.
import { describe } from "vitest";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { recordingsFolder } from "../src/folders.ts";
import { proof } from "../src/demo/proof.ts";
import { recordedBytes } from "../src/recorder/recording.ts";
import { findRecording, recordingNames } from "../src/replay/recordings-folder.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const whole = "healthy";
const names = await recordingNames(recordingsFolder);

test("there is a recorded session that is long, wide and not only ASCII", async ({ expect }) => {
  const recording = await findRecording(recordingsFolder, whole);
  const text = Buffer.from(recordedBytes(recording, "stdout")).toString("utf8");
  const lines = text.split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThanOrEqual(60);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeGreaterThan(100_000);
  expect(text).toMatch(/[^\p{ASCII}]/u);
});

describe.concurrent("a recorded session", () => {
  test("arrives byte for byte in its own time, and its result is right", async ({
    cluster,
    expect,
  }) => {
    const recording = await findRecording(recordingsFolder, whole);
    const { host, result, left, settleMs } = await runAgent(cluster, { speed: 1 });
    const recorded = recordedBytes(recording, "stdout");
    const checks = proof({ recorded, output: host.output(), result, left });
    expect(checks.filter(({ isTrue }) => !isTrue)).toEqual([]);
    const quiet = recording.end.at - (recording.chunks.at(-1)?.at ?? recording.end.at);
    const exitToResultMs = (settleMs ?? Infinity) - quiet;
    console.log(`exit → result: ${Math.round(exitToResultMs)} ms`);
    expect(exitToResultMs).toBeLessThan(10_000);
  });

  test.for(names)(
    "%s: every byte arrives, as quick as it can be written",
    async (name, { cluster, expect }) => {
      const recording = await findRecording(recordingsFolder, name);
      const { host, result, left } = await runAgent(cluster, { scenario: name });
      expect(Buffer.from(host.output())).toEqual(Buffer.from(recordedBytes(recording, "stdout")));
      expect(left).toEqual([]);
      const { code } = recording.end;
      if (code !== undefined) expect(result.exitCode).toBe(code);
    },
  );
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
