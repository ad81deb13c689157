import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type net from "node:net";
import type { KubeConfigLike } from "../../src/index.ts";

export type TestServer = AsyncDisposable & {
  readonly url: string;
  readonly config: KubeConfigLike;
  readonly requests: IncomingMessage[];
  /** Sockets that are open now. */
  connections(): number;
};

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** A server on a free port; `nth` counts requests from 0. */
export async function serve(handler: Handler): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<net.Socket>();
  const server = http.createServer((request, response) => {
    response.on("error", () => {});
    handler(request, response, requests.push(request) - 1);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    requests,
    config: { getCurrentCluster: () => ({ server: url }), applyToHTTPSOptions: async () => {} },
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function status(code: number, reason: string, message: string): object {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

/** Waits until `condition` holds, at most two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((r) => setTimeout(r, 5));
  if (!condition()) throw new Error("it did not come about");
}
