import { createServer, type Socket } from "node:net";

/** A registry that takes connections and never answers: an image of it is being pulled until somebody gives up. */
export interface SilentRegistry extends AsyncDisposable {
  /** Reached from the nodes of a cluster on this machine; elsewhere the pull fails, and is tried again. */
  readonly image: string;
}

export async function silentRegistry(): Promise<SilentRegistry> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return {
    image: `127.0.0.1:${address.port}/never:1`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
