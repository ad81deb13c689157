import type { ServerResponse } from "node:http";

import { isBodyFault, keepsLength, sendFaulty, type Sending } from "./fault-body.ts";
import type { Injection } from "./fault-plan.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { writePiece, type ResetSocket } from "./wire.ts";

/** Where an answer goes, and the fault it meets on the way. */
export interface Outlet {
  readonly response: ServerResponse;
  readonly reset: ResetSocket;
  readonly injection: Injection | undefined;
}

/** Puts an answer on the wire; a stream ends when its pieces do, or is cut. */
export async function sendAnswer(
  parts: ServerParts,
  { response, reset, injection }: Outlet,
  answer: Answer,
): Promise<void> {
  const fault = injection?.fault;
  const bodyFault = fault !== undefined && isBodyFault(fault) ? fault : undefined;
  const text = wholeText(answer);
  const length =
    text === undefined || (bodyFault !== undefined && !keepsLength(bodyFault))
      ? {}
      : { "content-length": Buffer.byteLength(text) };
  const headers = { ...headersOf(answer), ...(answer.kind === "empty" ? {} : length) };
  const status = answer.kind === "stream" ? 200 : answer.status;
  response.writeHead(status, headers);
  if (text !== undefined && (bodyFault === undefined || answer.kind === "empty")) {
    response.end(text);
    return;
  }
  response.flushHeaders();
  const stop = new AbortController();
  response.on("close", () => stop.abort());
  const forget =
    answer.kind === "stream" && answer.log === true
      ? parts.gate.open((how) => cut(response, stop, how))
      : undefined;
  const sending: Sending = { response, signal: stop.signal, reset, clock: parts.clock };
  const body = answer.kind === "stream" ? answer.pieces(stop.signal) : single(text ?? "");
  const whole =
    injection === undefined || bodyFault === undefined
      ? await sendAll(sending, body)
      : await sendFaulty(sending, body, { ...injection, fault: bodyFault });
  forget?.();
  if (whole) response.end();
}

/** The body of an answer that is one. */
function wholeText(answer: Answer): string | undefined {
  if (answer.kind === "json") return `${JSON.stringify(answer.body)}\n`;
  if (answer.kind === "text") return answer.body;
  return answer.kind === "empty" ? "" : undefined;
}

function headersOf(answer: Answer): Record<string, string> {
  if (answer.kind === "empty") return {};
  const usual = answer.kind === "json" ? "application/json" : "text/plain; charset=utf-8";
  const own = answer.kind === "stream" ? {} : answer.headers;
  return { "content-type": answer.contentType ?? usual, ...own };
}

async function sendAll(
  { response, signal }: Sending,
  body: AsyncIterable<Uint8Array | string>,
): Promise<boolean> {
  for await (const piece of body) {
    if (signal.aborted) break;
    await writePiece(response, piece, signal);
  }
  return true;
}

async function* single(text: string): AsyncGenerator<string> {
  yield text;
}

function cut(response: ServerResponse, stop: AbortController, how: "clean" | "reset"): void {
  if (how === "clean") response.end();
  else response.destroy();
  stop.abort();
}
