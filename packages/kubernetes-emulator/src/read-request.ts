import type { IncomingMessage } from "node:http";

import { parseTarget, type ApiRequest } from "./api-request.ts";
import { badRequest, StatusError } from "./status-error.ts";

/** Reads a request whole, its body as JSON. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
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
