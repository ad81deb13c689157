import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";

import { answerRequest } from "./answer-request.ts";
import type { ApiRequest } from "./api-request.ts";
import type { ServerCertificate } from "./certificates.ts";
import { EmulatorError } from "./errors.ts";
import { answerWithFault, refusal, type Execute } from "./fault-request.ts";
import { readRequest } from "./read-request.ts";
import { createRequestLog } from "./request-log.ts";
import { sendAnswer, type Outlet } from "./send-answer.ts";
import type { ServerParts } from "./server-parts.ts";
import type { RequestRecord } from "./types.ts";
import { trackSockets } from "./wire.ts";

/** The sockets' side of the emulator. */
export interface ApiServer {
  readonly port: number;
  readonly requests: readonly RequestRecord[];
  connections(): number;
  close(): Promise<void>;
}

export async function startApiServer(
  parts: ServerParts,
  where: { readonly port: number; readonly certificate: ServerCertificate | undefined },
): Promise<ApiServer> {
  const requests = createRequestLog();
  const sockets = new Set<Socket>();
  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const record = requests.add(message, response, parts.clock.now());
    const injection = parts.faults.take(record);
    void respond(parts, message, { response, injection, reset });
  };
  const server =
    where.certificate === undefined ? createHttp(serve) : createHttps(where.certificate, serve);
  const reset = trackSockets(server);
  // Watches and logs may be silent for as long as they like.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on(
    where.certificate === undefined ? "connection" : "secureConnection",
    (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // A client that vanishes is seen by the response's close; the error itself says no more.
      socket.on("error", () => undefined);
    },
  );
  const port = await listen(server, where.port);
  return {
    port,
    requests: requests.all,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new EmulatorError(
          "EMULATOR_LISTEN_FAILED",
          `port: expected a free TCP port on 127.0.0.1, got ${port}`,
          { cause },
        ),
      );
    });
    server.listen(port, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

async function respond(
  parts: ServerParts,
  message: IncomingMessage,
  outlet: Outlet,
): Promise<void> {
  const { response } = outlet;
  try {
    const answer = await answerWithFault(parts.clock, executor(parts, message), outlet);
    if (answer !== undefined) await sendAnswer(parts, outlet, answer);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else await sendAnswer(parts, { ...outlet, injection: undefined }, refusal(error));
  }
}

/** Reads the request when it is first executed, and turns what the API refuses into its answer. */
function executor(parts: ServerParts, message: IncomingMessage): Execute {
  let read: Promise<ApiRequest> | undefined;
  return async () => {
    try {
      read ??= readRequest(message);
      return answerRequest(parts, await read);
    } catch (error) {
      return refusal(error);
    }
  };
}
