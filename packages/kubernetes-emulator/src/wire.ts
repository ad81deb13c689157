import type { ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";

import type { CutHow } from "./fault-types.ts";

/** Resets a connection with RST, also one of TLS. */
export type ResetSocket = (socket: Socket) => void;

/** TLS sockets cannot be reset; the TCP socket below can, and is found by its port. */
export function trackSockets(server: Server): ResetSocket {
  const tcp = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    const port = socket.remotePort;
    if (port === undefined) return;
    tcp.set(port, socket);
    socket.on("close", () => {
      if (tcp.get(port) === socket) tcp.delete(port);
    });
  });
  return (socket) => {
    (tcp.get(socket.remotePort ?? -1) ?? socket).resetAndDestroy();
    socket.destroy();
  };
}

/** Writes, and resolves when the client may have more, or when the signal aborts. */
export async function writePiece(
  response: ServerResponse,
  piece: Uint8Array | string,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted || piece.length === 0 || response.write(piece)) return;
  await once(signal, (done) => {
    response.once("drain", done);
    return () => response.off("drain", done);
  });
}

/** Breaks an answer off, once what was written is on its way. */
export async function breakOff(
  response: ServerResponse,
  how: CutHow,
  { signal, reset }: { readonly signal: AbortSignal; readonly reset: ResetSocket },
): Promise<void> {
  if (signal.aborted) return;
  if (how === "clean") {
    response.end();
    return;
  }
  await flushed(response, signal);
  const { socket } = response;
  if (socket === null) return;
  if (how === "reset") reset(socket);
  else socket.destroy();
}

/** Resolves when all that was written has been handed to the system. */
export function flushed(response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.flushHeaders();
  return once(signal, (done) => {
    response.socket?.write("", done);
    return () => undefined;
  });
}

/** Waits for `listen` to call back, or for the signal. */
function once(signal: AbortSignal, listen: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      forget();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const forget = listen(done);
    signal.addEventListener("abort", done, { once: true });
  });
}
