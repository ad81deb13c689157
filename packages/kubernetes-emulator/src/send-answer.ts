import type { ServerResponse } from "node:http";

import type { Answer, ServerParts } from "./server-parts.ts";

/** Puts an answer on the wire; a stream ends when its pieces do, or is cut. */
export async function sendAnswer(
  parts: ServerParts,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  if (answer.kind === "empty") {
    response.writeHead(answer.status).end();
    return;
  }
  if (answer.kind === "text") {
    response
      .writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" })
      .end(answer.body);
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
