import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Agent } from "node:http";
import type { Clock } from "./clock.ts";
import type { Destination } from "./credentials.ts";
import { KubeHttpError } from "./errors.ts";
import type { KubeQuery } from "./types.ts";

export type Exchange = {
  readonly destination: Destination;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly query: KubeQuery;
  readonly body: Buffer | undefined;
  /** The request in words, for messages. */
  readonly subject: string;
  readonly headerTimeoutMs: number;
  readonly clock: Clock;
};

/**
 * Sends one request and resolves with its headers; the body is yet to be read. Once `signal` aborts
 * the socket is destroyed, before or after.
 * @throws KubeHttpError `KUBE_UNREACHABLE`, or the signal's reason
 */
export function exchange(
  { destination, agent, ...rest }: Exchange,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const module = destination.server.protocol === "http:" ? http : https;
    const request: ClientRequest = module.request(address(destination.server, rest), {
      ...destination.options,
      agent,
      method: rest.method,
    });
    const limit = rest.clock.after(rest.headerTimeoutMs, () => {
      const ms = rest.headerTimeoutMs;
      reject(unreachable(rest.subject, `no answer within ${ms} ms`));
      request.destroy();
    });
    const onAbort = (): void => {
      reject(signal.reason);
      request.destroy();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    // A dead peer is noticed by the kernel, also where silence is no fault.
    request.on("socket", (socket) => socket.setKeepAlive(true, 30_000));
    // Stays for the request's whole life: an error after the answer began is the body's to report.
    request.on("error", (cause) => reject(unreachable(rest.subject, undefined, cause)));
    request.on("response", (response) => {
      limit();
      response.on("error", () => {});
      resolve(response);
    });
    request.on("close", () => {
      limit();
      signal.removeEventListener("abort", onAbort);
      reject(unreachable(rest.subject, "the connection was closed without an answer"));
    });
    request.end(rest.body);
  });
}

function address(server: URL, { path, query }: Pick<Exchange, "path" | "query">): URL {
  const url = new URL(server);
  // A cluster behind a gateway has a path of its own, which the API's comes after.
  url.pathname = `${server.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.append(name, String(value));
  return url;
}

/** The message names what broke, never what was sent. */
export function unreachable(
  subject: string,
  why: string | undefined,
  cause?: unknown,
): KubeHttpError {
  if (KubeHttpError.isInstance(cause)) return cause;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const said = why ?? (first instanceof Error ? first.message : String(first));
  return new KubeHttpError("KUBE_UNREACHABLE", `${subject}: ${said}`, { cause });
}
