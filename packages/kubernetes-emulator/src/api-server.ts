import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";

import { answerRequest } from "./answer-request.ts";
import { parseTarget, type ApiRequest } from "./api-request.ts";
import type { ServerCertificate } from "./certificates.ts";
import { EmulatorError } from "./errors.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { badRequest, StatusError } from "./status-error.ts";
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
    await send(parts, response, answerRequest(parts, request));
  } catch (error) {
    const { body } =
      error instanceof StatusError
        ? error
        : new StatusError(500, "InternalError", `Internal error occurred: ${String(error)}`);
    if (response.headersSent) response.destroy();
    else await send(parts, response, { kind: "json", status: body.code, body });
  }
}

async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const target = parseTarget(message.method ?? "GET", message.url ?? "/");
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const contentType = message.headers["content-type"] ?? "application/json";
  if (chunks.length > 0 && !contentType.includes("json")) throw unsupportedMedia(contentType);
  const text = Buffer.concat(chunks).toString();
  return { ...target, headers: message.headers, body: text === "" ? undefined : parseBody(text) };
}

/** kubectl's built-in generators (`create job`, `auth can-i`) speak protobuf; manifests go as JSON. */
function unsupportedMedia(contentType: string): StatusError {
  return new StatusError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format (${contentType}) - accepted media types include: application/json; with kubectl, use a manifest: kubectl create -f FILE`,
  );
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body as JSON: ${String(error)}`);
  }
}

async function send(parts: ServerParts, response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.kind === "empty") {
    response.writeHead(answer.status).end();
    return;
  }
  if (answer.kind === "json") {
    const text = `${JSON.stringify(answer.body)}\n`;
    response.writeHead(answer.status, {
      "content-type": answer.contentType ?? "application/json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
    return;
  }
  const stop = new AbortController();
  response.on("close", () => stop.abort());
  const forget =
    answer.log === true ? parts.gate.open((how) => cut(response, stop, how)) : undefined;
  response.writeHead(200, { "content-type": answer.contentType });
  response.flushHeaders();
  for await (const piece of answer.pieces(stop.signal)) {
    if (stop.signal.aborted) break;
    if (!response.write(piece)) await drained(response, stop.signal);
  }
  forget?.();
  response.end();
}

function cut(response: ServerResponse, stop: AbortController, how: "clean" | "reset"): void {
  if (how === "clean") response.end();
  else response.destroy();
  stop.abort();
}

/** Back-pressure: a slow reader holds the stream back, as a kubelet's would. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    response.once("drain", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
