import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A way to the API server that somebody pulls the plug of. */
export interface CuttingProxy extends AsyncDisposable {
  /** For a kubeconfig's `proxy-url`: the server's name and certificate stay what they are. */
  readonly url: string;
  /** Resets every connection there is; answers how many. New ones are let through. */
  cut(): number;
}

/** An HTTP proxy that only tunnels. */
export async function cuttingProxy(): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A reset is what this proxy is for.
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request, client: Socket, head: Buffer) => {
    const target = new URL(`https://${request.url ?? ""}`);
    const upstream = connect(Number(target.port || "443"), target.hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    keep(client);
    keep(upstream);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const cut = (): number => {
    const cutting = [...sockets];
    for (const socket of cutting) socket.resetAndDestroy();
    return cutting.length / 2;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no path
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
