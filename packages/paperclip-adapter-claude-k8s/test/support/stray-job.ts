import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { expect } from "vitest";
import { image, namespace } from "./fake-host.ts";

export interface StrayJob {
  readonly taskId?: string;
  readonly sessionId?: string;
  readonly spec?: object;
}

/** A Job of agent-1's run-0, as a process that is gone left it. */
export async function strayJob(
  emulator: Emulator,
  { taskId, sessionId, spec = {} }: StrayJob,
): Promise<void> {
  const ids = {
    "run-id": "run-0",
    "agent-id": "agent-1",
    ...(taskId === undefined ? {} : { "task-id": taskId }),
    ...(sessionId === undefined ? {} : { "session-id": sessionId }),
  };
  const prefixed = Object.entries(ids).map(([key, value]) => [`paperclip.io/${key}`, value]);
  const answer = await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      metadata: {
        name: "stray",
        labels: { "paperclip.io/adapter-type": "claude_k8s", ...Object.fromEntries(prefixed) },
        annotations: { "claude-k8s/resumed-at": "2026-01-01T00:00:00.000Z" },
      },
      spec: {
        backoffLimit: 0,
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "claude", image }] },
        },
        ...spec,
      },
    }),
  });
  expect(answer.status).toBe(201);
}
