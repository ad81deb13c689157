import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

import { streamReply } from "./messages-stream.ts";
import type { Reply } from "./reply.ts";

export interface MessagesApi {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** How many replies of the script were given. */
  readonly given: number;
  close(): Promise<void>;
}

/**
 * A stand-in of the Messages API on 127.0.0.1 that answers one request of a session after the other
 * from a script, streaming. Requests without tools (titles, summaries of the terminal) are no turn of
 * the session and get a short text. The last reply of the script is given again to whoever asks on,
 * as an API that is overloaded stays so for the retries.
 */
export async function startMessagesApi(script: readonly Reply[]): Promise<MessagesApi> {
  let given = 0;
  const server = createServer((request, response) => {
    answer(request, response, () => script[Math.min(given++, script.length - 1)]).catch(
      (error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    get given() {
      return given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => Reply | undefined,
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  if (request.method !== "POST" || path !== "/v1/messages") {
    sendError(response, { kind: "error", status: 404, type: "not_found_error", message: path });
    return;
  }
  const body = (await json(request)) ?? {};
  const turn = typeof body === "object" && "tools" in body && hasItems(body.tools);
  const reply = turn ? next() : aside;
  if (reply === undefined) throw new Error("the script of the Messages API has no reply");
  if (reply.kind === "error") sendError(response, reply);
  else await streamReply(response, reply, modelOf(body));
}

const aside: Reply = { kind: "message", blocks: [{ type: "text", text: "A session." }] };

function sendError(response: ServerResponse, error: Extract<Reply, { kind: "error" }>): void {
  const { status, type, message } = error;
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_recorded" });
  response.end(JSON.stringify({ type: "error", error: { type, message } }));
}

function hasItems(tools: unknown): boolean {
  return Array.isArray(tools) && tools.length > 0;
}

function modelOf(body: object): string {
  return "model" in body && typeof body.model === "string" ? body.model : "unknown";
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}
