import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";

import { answerRequest } from "./answer-request.ts";
import { parseTarget } from "./api-request.ts";
import type { ServerCertificate } from "./certificates.ts";
import { EmulatorError } from "./errors.ts";
import { readRequest } from "./read-request.ts";
import { sendAnswer } from "./send-answer.ts";
import type { ServerParts } from "./server-parts.ts";
import { StatusError } from "./status-error.ts";
import type { RequestRecord } from "./types.ts";

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
  const requests: RequestRecord[] = [];
  const sockets = new Set<Socket>();
  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const record = recordRequest(message, response, parts.clock.now());
    requests.push(record);
    void respond(parts, message, response);
  };
  const server =
    where.certificate === undefined ? createHttp(serve) : createHttps(where.certificate, serve);
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
    requests,
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

function recordRequest(
  message: IncomingMessage,
  response: ServerResponse,
  at: number,
): RequestRecord {
  const target = parseTarget(message.method ?? "GET", message.url ?? "/");
  const userAgent = message.headers["user-agent"];
  const record: RequestRecord = {
    method: target.method,
    url: target.url,
    verb: target.verb,
    ...(target.plural === undefined ? {} : { resource: target.plural }),
    ...(target.subresource === undefined ? {} : { subresource: target.subresource }),
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(target.name === undefined ? {} : { name: target.name }),
    ...(userAgent === undefined ? {} : { userAgent }),
    at,
    ended: false,
  };
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status: number, ...rest: never[]) => {
    record.status = status;
    return writeHead(status, ...rest);
  };
  response.on("close", () => (record.ended = true));
  return record;
}

async function respond(
  parts: ServerParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const request = await readRequest(message);
    await sendAnswer(parts, response, answerRequest(parts, request));
  } catch (error) {
    const { body } =
      error instanceof StatusError
        ? error
        : new StatusError(500, "InternalError", `Internal error occurred: ${String(error)}`);
    if (response.headersSent) response.destroy();
    else await sendAnswer(parts, response, { kind: "json", status: body.code, body });
  }
}
