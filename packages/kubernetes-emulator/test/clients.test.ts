import { PassThrough } from "node:stream";

import * as client2 from "@kubernetes/client-node";
import * as client1 from "@kubernetes/client-node-1";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator, type Emulator } from "../src/index.ts";

const body = (name: string): client2.V1Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: {
    backoffLimit: 0,
    template: {
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: "agent:1" }] },
    },
  },
});

// The two majors have the same shapes here; each is driven through the same steps.
const clients: [string, typeof client2][] = [
  ["2.x", client2],
  ["1.4.0", client1 as unknown as typeof client2],
];

describe.each([false, true])("tls: %s", (tls) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ tls });
    emulator.program("agent:1", async (p) => {
      p.stdout.write("one\n");
      await p.sleep(30);
      p.stdout.write("zwei ü\n");
      return 0;
    });
  });
  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
  });

  test.each(clients)(
    "client-node %s creates, watches, follows and deletes without noticing",
    async (version, client) => {
      const config = new client.KubeConfig();
      config.loadFromString(emulator.kubeConfig);
      const batch = config.makeApiClient(client.BatchV1Api);
      const core = config.makeApiClient(client.CoreV1Api);
      const name = `job-${version.replaceAll(".", "-")}`;
      const namespace = "default";
      const made = await batch.createNamespacedJob({ namespace, body: body(name) });
      expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
      const refused = batch.createNamespacedJob({ namespace, body: body(name) });
      await expect(refused).rejects.toMatchObject({ code: 409 });
      const pod = await runningPod(config, client, name);
      expect(await follow(config, client, pod)).toBe("one\nzwei ü\n");
      const complete = await watchUntil(config, client, {
        path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
        name,
        is: isComplete,
      });
      expect(complete).toBe(true);
      const labels = { namespace, labelSelector: `job-name=${name}` };
      expect((await core.listNamespacedPod(labels)).items).toHaveLength(1);
      await batch.deleteNamespacedJob({
        namespace,
        name,
        body: { propagationPolicy: "Background" },
      });
      await expect(batch.readNamespacedJob({ namespace, name })).rejects.toMatchObject({
        code: 404,
      });
    },
  );
});

async function runningPod(
  config: client2.KubeConfig,
  client: typeof client2,
  job: string,
): Promise<string> {
  let found = "";
  await watchUntil(config, client, {
    path: "/api/v1/namespaces/default/pods",
    name: job,
    is: (pod) => {
      found = pod.metadata.name;
      return pod.status.phase === "Running" || pod.status.phase === "Succeeded";
    },
  });
  return found;
}

function isComplete(job: { status?: client2.V1JobStatus }): boolean {
  return job.status?.conditions?.some((one) => one.type === "Complete") === true;
}

interface Wanted {
  readonly path: string;
  readonly name: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what the client hands out
  readonly is: (object: any) => boolean;
}

function watchUntil(
  config: client2.KubeConfig,
  client: typeof client2,
  wanted: Wanted,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let stop: AbortController | undefined;
    let found = false;
    const end = (): void => {
      found = true;
      stop?.abort();
      resolve(true);
    };
    const query = { labelSelector: `job-name=${wanted.name}` };
    new client.Watch(config)
      .watch(
        wanted.path,
        query,
        (_type, object) => wanted.is(object) && !found && end(),
        (error) => (found ? undefined : reject(error)),
      )
      .then((controller) => {
        stop = controller;
        return found ? controller.abort() : undefined;
      })
      .catch(reject);
  });
}

async function follow(
  config: client2.KubeConfig,
  client: typeof client2,
  pod: string,
): Promise<string> {
  const sink = new PassThrough();
  await new client.Log(config).log("default", pod, "main", sink, { follow: true });
  const chunks: Buffer[] = [];
  for await (const chunk of sink) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
