import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";

type Call = {
  readonly url: URL;
  readonly kind: "jobs" | "pods";
  readonly isWatch: boolean;
  readonly isInitial: boolean;
};

/** Answers one request of the API; scripts say what is wrong with it. */
export type Script = (call: Call, answer: ServerResponse, nth: number) => void;

export type WatchServer = AsyncDisposable & {
  readonly http: KubeHttp;
  readonly calls: readonly Call[];
};

/** A server that speaks only what a watch needs, so that it can be wrong in every way. */
export async function watchServer(script: Script): Promise<WatchServer> {
  const calls: Call[] = [];
  const server = createServer((request, answer) => {
    const url = new URL(request.url ?? "/", "http://x");
    const kind = url.pathname.includes("/jobs") ? "jobs" : "pods";
    const isWatch = url.searchParams.get("watch") === "true";
    const isInitial = url.searchParams.has("sendInitialEvents");
    const nth = calls.filter((one) => one.kind === kind && one.isWatch === isWatch).length;
    const call = { url, kind, isWatch, isInitial } as const;
    calls.push(call);
    script(call, answer, nth);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = {
    getCurrentCluster: () => ({ server: `http://127.0.0.1:${port}` }),
    async applyToHTTPSOptions() {},
  };
  const http = kubeHttp(config, { retryBudgetMs: 0 });
  return {
    http,
    calls,
    async [Symbol.asyncDispose]() {
      http.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

export function lines(...messages: readonly unknown[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}

export const synced = {
  type: "BOOKMARK",
  object: {
    metadata: { resourceVersion: "5", annotations: { "k8s.io/initial-events-end": "true" } },
  },
};

export const theJob = { metadata: { name: "j", uid: "u", resourceVersion: "3" }, status: {} };

export function thePod(state: object, message = ""): object {
  const ownerReferences = [{ kind: "Job", name: "j", uid: "u", controller: true }];
  return {
    metadata: { name: "pod-a", uid: "p", resourceVersion: "4", ownerReferences },
    status: { phase: "Running", message, containerStatuses: [{ name: "main", state }] },
  };
}

export const ended = {
  terminated: { exitCode: 3, containerID: "c", finishedAt: "2026-01-01T00:00:00Z" },
};
