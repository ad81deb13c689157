import type { IncomingMessage } from "node:http";
import type { AgentPool, Sharing } from "./agents.ts";
import { unlessAborted } from "./call.ts";
import { type Credentials, type CredentialStore, destinationOf } from "./credentials.ts";
import { describeRequest, requestWords, type RequestWords } from "./describe.ts";
import { KubeHttpError } from "./errors.ts";
import { exchange } from "./exchange.ts";
import type { Settings } from "./options.ts";
import type { KubeQuery } from "./types.ts";

/** A request ready to be sent any number of times. */
export type Prepared = {
  readonly method: string;
  readonly path: string;
  readonly query: KubeQuery;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly sharing: Sharing;
  readonly words: RequestWords;
  readonly subject: string;
};

/** @throws TypeError when the path is none, naming what was expected */
export function prepare(
  request: {
    method: string;
    path: string;
    query: KubeQuery | undefined;
    body: unknown;
    contentType: string | undefined;
  },
  accept: string,
  sharing: Sharing,
): Prepared {
  const { method, path, query = {} } = request;
  if (!/^\/[^?#]*$/.test(path))
    throw new TypeError(`path must begin with "/" and hold no query, not ${JSON.stringify(path)}`);
  const words = requestWords(method, path, query);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers: Record<string, string> = { Accept: accept, "Accept-Encoding": "identity" };
  if (body !== undefined) {
    headers["Content-Type"] = request.contentType ?? "application/json";
    headers["Content-Length"] = String(body.length);
  }
  return { method, path, query, headers, body, sharing, words, subject: describeRequest(words) };
}

export type Transport = {
  readonly agents: AgentPool;
  readonly credentials: CredentialStore;
  readonly settings: Settings;
};

/**
 * Sends a request once, and once more with renewed credentials when they were refused: a 401 has
 * carried nothing out, so this is safe for writes too.
 * @throws KubeHttpError when there is no answer, or the signal's reason
 */
export async function send(
  transport: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const credentials = transport.credentials.current();
  const response = await sendWith(credentials, transport, prepared, signal);
  if (response.statusCode !== 401) return response;
  response.resume();
  return sendWith(transport.credentials.renew(credentials), transport, prepared, signal);
}

async function sendWith(
  credentials: Credentials,
  { agents, settings }: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { headerTimeoutMs, clock, userAgent } = settings;
  const late = (): KubeHttpError =>
    new KubeHttpError("KUBE_UNAUTHORIZED", `no credentials within ${headerTimeoutMs} ms`);
  const headers = { "User-Agent": userAgent, ...prepared.headers };
  // An exec plugin that hangs must hold up neither an abort nor the request for ever.
  const making = destinationOf(credentials, headers, headerTimeoutMs);
  const destination = await unlessAborted(making, signal, { clock, ms: headerTimeoutMs, late });
  const agent = agents.agentFor(destination, prepared.sharing);
  return exchange({ ...prepared, destination, agent, headerTimeoutMs, clock }, signal);
}
