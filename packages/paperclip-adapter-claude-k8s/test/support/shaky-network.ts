import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";

/** A way to a server that can be taken away for a while. */
export interface ShakyNetwork extends AsyncDisposable {
  readonly url: string;
  /** Cuts every connection and answers none until the time has passed. */
  away(forMs: number): Promise<void>;
}

export async function shakyNetwork(url: string): Promise<ShakyNetwork> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isAway = false;
  const server = createServer((incoming) => {
    if (isAway) {
      incoming.resetAndDestroy();
      return;
    }
    const outgoing = connect(Number(port), hostname);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    async away(forMs) {
      isAway = true;
      cut();
      await new Promise((resolve) => setTimeout(resolve, forMs));
      isAway = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
