import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, test, vi } from "vitest";
import { getSelfPodInfo, resetCache } from "../src/server/k8s-client.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  resetCache();
});

const pod = "paperclip-0";

/** A cluster with a pod of the server's name, and a kubeconfig for it whose context has the namespace. */
async function otherCluster(folder: string, namespace: string) {
  const emulator: Emulator = await startEmulator({ namespaces: [namespace] });
  const answer = await fetch(`${emulator.url}/api/v1/namespaces/${namespace}/pods`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      metadata: { name: pod },
      spec: { containers: [{ name: "paperclip", image: `image-of-${namespace}` }] },
    }),
  });
  expect(answer.status).toBe(201);
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  config.contexts = config.contexts.map((context) => ({ ...context, namespace }));
  const file = join(folder, `${namespace}.yaml`);
  await writeFile(file, config.exportConfig());
  return {
    file,
    reads: () => emulator.requests.filter(({ verb }) => verb === "get"),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

test("in a cluster that a kubeconfig leads to, a server looks for no pod of its own, whatever is called like it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "self-pod-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true }));
  const one = stack.use(await otherCluster(folder, "one"));
  const two = stack.use(await otherCluster(folder, "two"));
  vi.stubEnv("HOSTNAME", pod);
  for (const cluster of [one, two, one]) {
    const namespace = cluster === one ? "one" : "two";
    // Each has its own answer, also the second time: nothing of one cluster is told of another.
    expect(await getSelfPodInfo(cluster.file)).toEqual({ namespace });
    expect(cluster.reads()).toEqual([]);
  }
  vi.stubEnv("KUBECONFIG", two.file);
  expect(await getSelfPodInfo()).toEqual({ namespace: "two" });
});
