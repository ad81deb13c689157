import { randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestAPI } from "vitest";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { standalone } from "../../src/cluster/kubeconfig.ts";
import { type Replay, replayConfig } from "../../src/host/replay-config.ts";
import { installPackedAdapter } from "../../src/paperclip-server/packed-adapter.ts";
import {
  folderFor,
  type PaperclipServer,
  startPaperclipServer,
} from "../../src/paperclip-server/server.ts";
import { test as onCluster } from "../cluster.ts";

/** A server with the adapter in it, and a company. */
export interface Paperclip extends PaperclipServer {
  readonly companyId: string;
  /** What the server said when it was given the adapter. */
  readonly installed: { readonly type: string };
  /** Settings of an agent on the cluster, as an account with the rights of the documented Role alone. */
  readonly settings: (replay: Replay) => Readonly<Record<string, unknown>>;
  /** Makes an agent with these settings; answers its id. */
  readonly agent: (config: Readonly<Record<string, unknown>>) => Promise<string>;
}

type Started = PaperclipServer | { readonly reason: string };

/** `test` with a Paperclip server that all tests of a file share; skipped, with the reason, where there can be none. */
export const test: TestAPI<{
  cluster: ClusterUnderTest;
  started: Started;
  adapted: Paperclip | undefined;
  paperclip: Paperclip;
}> = onCluster.extend<{
  started: Started;
  adapted: Paperclip | undefined;
  paperclip: Paperclip;
}>({
  started: [
    async ({ cluster }, use) => {
      const server = await tryToStart(cluster.signal);
      await use(server);
      if (!("reason" in server)) await server[Symbol.asyncDispose]();
    },
    { scope: "file" },
  ],
  adapted: [
    async ({ cluster, started }, use) => {
      await use("reason" in started ? undefined : await adapted(started, cluster));
    },
    { scope: "file" },
  ],
  paperclip: async ({ started, adapted: ready, skip }, use) => {
    if ("reason" in started) skip(started.reason);
    if (ready === undefined) throw new Error("there is no server");
    await use(ready);
  },
});

async function tryToStart(signal: AbortSignal): Promise<Started> {
  try {
    return await startPaperclipServer(console.log, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`skipped: no Paperclip server can be started here: ${reason}`);
    return { reason };
  }
}

async function adapted(server: PaperclipServer, cluster: ClusterUnderTest): Promise<Paperclip> {
  const { api } = server;
  const { signal, namespace, image } = cluster;
  const plugins = await folderFor(server, "packed");
  const packageName = await installPackedAdapter(join(plugins, "adapter"), signal);
  const installed = await api.post<{ type: string }>("/adapters/install", {
    packageName,
    isLocalPath: true,
  });
  const { id: companyId } = await api.post<{ id: string }>("/companies", { name: "Example" });
  const kubeconfig = join(plugins, "kubeconfig");
  await writeFile(kubeconfig, standalone((await cluster.runner()).kubeConfig));
  // The server is another user. What it may do with it ends with the namespace.
  await chmod(kubeconfig, 0o644);
  return {
    ...server,
    companyId,
    installed,
    settings: (replay) => ({
      kubeconfig,
      namespace,
      image,
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "32Mi",
      ...replayConfig(replay),
    }),
    async agent(config) {
      const { id } = await api.post<{ id: string }>(`/companies/${companyId}/agents`, {
        name: `Ada ${randomBytes(3).toString("hex")}`,
        role: "engineer",
        adapterType: "claude_k8s",
        adapterConfig: config,
      });
      return id;
    },
  };
}
