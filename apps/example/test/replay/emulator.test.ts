import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";

import { readRecording } from "../../src/recorder/read-recording.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { recordingsFolder } from "../../src/folders.ts";
import { recordingFile } from "../../src/replay/recordings-folder.ts";
import { replayProgram } from "../../src/replay/replay-program.ts";
import { usualFlags } from "./support.ts";

test("the same program, as a pod of the emulator, logs the recording byte for byte", async () => {
  await using emulator = await startEmulator();
  emulator.program("agent", replayProgram(recordingsFolder));
  const url = `${emulator.url}/api/v1/namespaces/default`;
  await post(`${url}/secrets`, {
    metadata: { name: "prompt" },
    stringData: { prompt: "Grüße" },
  });
  await post(`${url}/pods`, {
    metadata: { name: "agent" },
    spec: {
      restartPolicy: "Never",
      volumes: [{ name: "prompt", secret: { secretName: "prompt" } }],
      containers: [
        {
          name: "claude",
          image: "agent",
          command: ["sh", "-c", 'exec claude "$@" < /prompt/prompt', "claude", ...usualFlags],
          env: [
            { name: "CLAUDE_REPLAY", value: "healthy" },
            { name: "CLAUDE_REPLAY_SPEED", value: "0" },
          ],
          volumeMounts: [{ name: "prompt", mountPath: "/prompt" }],
        },
      ],
    },
  });
  const recording = await readRecording(recordingFile(recordingsFolder, "healthy"));
  const log = await logOf(`${url}/pods/agent/log?follow=true`);
  expect(log.equals(recordedBytes(recording, "stdout"))).toBe(true);
});

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

/** A container that has not started answers 400: asked again, for two seconds at most. */
async function logOf(url: string): Promise<Buffer> {
  for (let asked = 0; asked < 200; asked += 1) {
    const answer = await fetch(url);
    if (answer.status === 200) return Buffer.from(await answer.arrayBuffer());
    expect(answer.status).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the container did not start");
}
