import http from "node:http";
import net from "node:net";
import { listen } from "./server.ts";

/** A small HTTP proxy that knows CONNECT and nothing else. */
export async function connectProxy(
  how: "works" | "refuses" | "hangs",
): Promise<AsyncDisposable & { readonly url: string; readonly targets: string[] }> {
  const targets: string[] = [];
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = http.createServer((_, response) => response.writeHead(405).end());
  server.on("connection", keep);
  server.on("connect", (request, client: net.Socket) => {
    targets.push(request.url ?? "");
    if (how === "refuses") client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    if (how !== "works") return;
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = net.connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    keep(upstream);
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
