// A Job as an earlier adapter of this type made it, found by the next run of its task.
import { randomUUID } from "node:crypto";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { recordingsFolder } from "../../src/folders.ts";
import { proof } from "../../src/demo/proof.ts";
import { replayConfig } from "../../src/host/replay-config.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { findRecording } from "../../src/replay/recordings-folder.ts";
import { test } from "../cluster.ts";
import { runAgent } from "../run-agent.ts";

/** It wrote a long prompt into a Secret first, and made the Job its owner when that was there. */
async function earlierJob(cluster: ClusterUnderTest, agentId: string): Promise<string> {
  const { http, namespace, signal } = cluster;
  const name = `ac-${agentId.slice(0, 16)}-${randomUUID().slice(0, 16)}-0a1b2c`;
  const labels = {
    "app.kubernetes.io/managed-by": "paperclip",
    "app.kubernetes.io/component": "agent-job",
    "paperclip.io/adapter-type": "claude_k8s",
    "paperclip.io/agent-id": agentId,
    "paperclip.io/run-id": "an-earlier-run",
    "paperclip.io/task-id": `task-of-${agentId}`,
  };
  const create = async (api: string, body: object): Promise<void> => {
    const answer = await http.request({
      method: "POST",
      path: api.replace("NAMESPACE", `namespaces/${namespace}`),
      body,
      signal,
    });
    if (answer.kind !== "ok") throw new Error(`${api}: ${answer.kind}`);
  };
  await create("/api/v1/NAMESPACE/secrets", {
    metadata: { name: `${name}-prompt`, namespace, labels },
    stringData: { "prompt.txt": "do something" },
  });
  const { env } = replayConfig({ scenario: "healthy", speed: 0.5 });
  const securityContext = { capabilities: { drop: ["ALL"] }, allowPrivilegeEscalation: false };
  const own = { image: cluster.image, imagePullPolicy: "IfNotPresent", securityContext };
  const prompt = { name: "prompt", mountPath: "/tmp/prompt" };
  await create("/apis/batch/v1/NAMESPACE/jobs", {
    metadata: { name, namespace, labels, annotations: { "paperclip.io/agent-name": "Ada" } },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: 300,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          // It had no seccomp profile; the suite's namespace admits no pod without one.
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            fsGroup: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          initContainers: [
            {
              ...own,
              name: "write-prompt",
              command: ["sh", "-c", "cp /tmp/prompt-secret/prompt.txt /tmp/prompt/prompt.txt"],
              volumeMounts: [prompt, { name: "prompt-secret", mountPath: "/tmp/prompt-secret" }],
            },
          ],
          containers: [
            {
              ...own,
              name: "claude",
              command: [
                "sh",
                "-c",
                "cat /tmp/prompt/prompt.txt | claude '--print' '-' '--output-format' 'stream-json' '--verbose'",
              ],
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              volumeMounts: [prompt],
            },
          ],
          volumes: [
            { name: "prompt", emptyDir: {} },
            { name: "prompt-secret", secret: { secretName: `${name}-prompt` } },
          ],
        },
      },
    },
  });
  return name;
}

test("a Job that an earlier adapter left is followed to its end, byte for byte, and its Secret goes with it", async ({
  cluster,
  expect,
}) => {
  const agentId = randomUUID();
  const name = await earlierJob(cluster, agentId);
  const { host, result, left } = await runAgent(cluster, { agentId });
  const recorded = recordedBytes(await findRecording(recordingsFolder, "healthy"), "stdout");
  const checks = proof({ recorded, output: host.output(), result, left });
  expect(checks.filter(({ isTrue }) => !isTrue)).toEqual([]);
  expect(result.resultJson).toMatchObject({
    kubernetes: { job: name, reattached: true, earlierRunIds: ["an-earlier-run"] },
  });
  expect(result.sessionParams).not.toHaveProperty("place");
});
