import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** A way to the API server that writes down what is asked. */
export interface CountingProxy extends AsyncDisposable {
  /** A kubeconfig that leads through it; it has the rights of the one it was made from. */
  readonly kubeConfig: string;
  /** How often each kind of request came, such as `GET pods/log` or `WATCH jobs`. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Takes plain HTTP on the loopback interface, and asks the API server in its place. */
export async function countingProxy(config: KubeConfig): Promise<CountingProxy> {
  const counts = new Map<string, number>();
  const target = new URL(config.getCurrentCluster()?.server ?? "");
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const kind = kindOf(request);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const { method, url, headers } = request;
    const options: RequestOptions = {
      method,
      path: url,
      headers: { ...headers, host: target.host },
    };
    await config.applyToHTTPSOptions(options);
    const asked = httpsRequest(target, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.on("error", () => response.destroy()).pipe(response);
    });
    asked.on("error", () => response.destroy());
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  const here = { server: `http://127.0.0.1:${address.port}`, "insecure-skip-tls-verify": true };
  return {
    // JSON is YAML. Plain HTTP is taken for TLS that is not checked.
    kubeConfig: JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "here",
      contexts: [{ name: "here", context: { cluster: "here", user: "here" } }],
      clusters: [{ name: "here", cluster: here }],
      users: [{ name: "here", user: {} }],
    }),
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** The resource of `/apis/batch/v1/namespaces/x/jobs/name/status?…`, without names. */
function kindOf({ method, url = "" }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, "http://proxy");
  const [, rest = pathname] = /\/namespaces\/[^/]+\/(.+)$/.exec(pathname) ?? [];
  const [resource = "", name, sub] = rest.split("/");
  const what = sub === undefined ? resource : `${resource}/${sub}`;
  if (searchParams.get("watch") !== null) return `WATCH ${what}`;
  if (method !== "GET" || name !== undefined) return `${method ?? ""} ${what}`;
  // What a watch goes on from: all of the adapter, not those of one agent or Job.
  const isOfAll = searchParams.get("labelSelector") === "paperclip.io/adapter-type=claude_k8s";
  return isOfAll ? `LIST ${what}, for the watch` : `LIST ${what}`;
}
