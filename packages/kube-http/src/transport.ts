import type { IncomingMessage } from "node:http";
import type { AgentPool, Sharing } from "./agents.ts";
import { type TimeLimit, within } from "./call.ts";
import { unlessAborted } from "./clock.ts";
import { type Credentials, type CredentialStore, destinationOf } from "./credentials.ts";
import { describeRequest, requestWords, type RequestWords } from "./describe.ts";
import { KubeHttpError } from "./errors.ts";
import { exchange, unreachable } from "./exchange.ts";
import type { Settings } from "./options.ts";
import type { TakeTurn } from "./turns.ts";
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
  if (!isPlain(path))
    throw new TypeError(
      `path must begin with "/", and hold no query and no segment that is empty or dots, not ${JSON.stringify(path)}`,
    );
  const words = requestWords(method, path, query);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers: Record<string, string> = { Accept: accept, "Accept-Encoding": "identity" };
  if (body !== undefined) {
    headers["Content-Type"] = request.contentType ?? "application/json";
    headers["Content-Length"] = String(body.length);
  }
  return { method, path, query, headers, body, sharing, words, subject: describeRequest(words) };
}

/**
 * A segment that is empty, `.` or `..` makes another path of it: DELETE of `…/jobs/` or `…/jobs/.` is
 * taken by the API server for DELETE of all Jobs of the namespace.
 */
function isPlain(path: string): boolean {
  const [before, ...segments] = path.split("/");
  const holdsNothing = segments.some((segment) => /^(?:\.|%2e){0,2}$/i.test(segment));
  return before === "" && !holdsNothing && !/[?#\\]/.test(path);
}

export type Transport = {
  readonly agents: AgentPool;
  readonly credentials: CredentialStore;
  readonly settings: Settings;
  readonly takeTurn: TakeTurn;
};

/** Of one attempt, to its last byte. */
export function timeLimit({ settings }: Transport, { subject }: Prepared): TimeLimit {
  const { clock, requestTimeoutMs: ms } = settings;
  return { clock, ms, late: () => unreachable(subject, `the answer took more than ${ms} ms`) };
}

/**
 * Sends a request once, and once more with renewed credentials when they were refused: a 401 has
 * carried nothing out, so this is safe for writes too.
 * @throws KubeHttpError when there is no answer, or the signal's reason
 */
export async function sendOnce(
  transport: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const credentials = transport.credentials.current(prepared.subject);
  const response = await sendWith(credentials, transport, prepared, signal);
  if (response.statusCode !== 401) return response;
  response.resume();
  return sendWith(
    transport.credentials.renew(credentials, prepared.subject),
    transport,
    prepared,
    signal,
  );
}

async function sendWith(
  credentials: Credentials,
  { agents, settings }: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { headerTimeoutMs, clock, userAgent } = settings;
  const late = (): KubeHttpError =>
    new KubeHttpError(
      "KUBE_UNAUTHORIZED",
      `${prepared.subject}: no credentials within ${headerTimeoutMs} ms`,
    );
  const headers = { "User-Agent": userAgent, ...prepared.headers };
  // An exec plugin that hangs must hold up neither an abort nor the request for ever.
  const { subject } = prepared;
  const making = destinationOf(credentials, {
    headers,
    subject,
    connectTimeoutMs: headerTimeoutMs,
  });
  const destination = await within(signal, { clock, ms: headerTimeoutMs, late }, (limited) =>
    unlessAborted(making, limited),
  );
  const agent = agents.agentFor(destination, prepared.sharing);
  return exchange({ ...prepared, destination, agent, headerTimeoutMs, clock }, signal);
}
