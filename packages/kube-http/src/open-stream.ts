import type { IncomingMessage } from "node:http";
import { denial, readStatus } from "./answer.ts";
import { send } from "./believed-denial.ts";
import { streamBody, wholeBody } from "./body.ts";
import { type Call, within } from "./call.ts";
import { parseRetryAfter } from "./retry.ts";
import { notSent, prepare, type Prepared, timeLimit, type Transport } from "./transport.ts";
import type { KubeOpen, KubeStream } from "./types.ts";

/**
 * Opens a stream. The call ends with the stream's body.
 * @throws KubeHttpError when there is no HTTP answer, or the signal's reason
 */
export async function openStream(
  transport: Transport,
  { path, query, idleTimeoutMs }: KubeOpen,
  call: Call,
): Promise<KubeStream> {
  const request = { method: "GET", path, query, body: undefined, contentType: undefined };
  // A socket of its own: one slow consumer must hold up nobody else.
  const prepared = prepare(request, "application/json, */*", "own");
  const response = await sendInTurn(transport, prepared, call.signal);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) return refusedStream(transport, prepared, response, call);
  const idle = { clock: transport.settings.clock, ms: idleTimeoutMs };
  // A stream that nobody reads is still forgotten once its socket closes.
  response.once("close", () => call.end());
  return {
    status,
    body: streamBody(response, call, prepared.subject, idle),
    complete: () => response.complete,
  };
}

/** A server that is slow is not sent hundreds of these at once, which it would answer late together. */
async function sendInTurn(
  transport: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const late = (): Error => notSent(transport, prepared);
  const turn = await transport.takeOpening({ urgent: false, signal, late });
  let isAnswered = false;
  try {
    const response = await send(transport, prepared, signal);
    isAnswered = true;
    return response;
  } finally {
    turn.end(isAnswered);
  }
}

/** A refusal is small: its text is read here, so that no socket waits for somebody to read it. */
async function refusedStream(
  transport: Transport,
  prepared: Prepared,
  response: IncomingMessage,
  call: Call,
): Promise<KubeStream> {
  const code = response.statusCode ?? 0;
  const limits = { subject: prepared.subject, maxBytes: 64 * 1024 };
  const text = await within(call.signal, timeLimit(transport, prepared), (limited) =>
    wholeBody(response, limited, limits),
  );
  const status = readStatus(code, text);
  const message = code === 403 ? denial(status, prepared.words) : status.message;
  const retryAfterMs = parseRetryAfter(response.headers["retry-after"]);
  call.end();
  return {
    status: code,
    body: nothing(),
    complete: () => true,
    ...(message === undefined ? {} : { message }),
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}
