import type { IncomingMessage, ServerResponse } from "node:http";

import { parseTarget } from "./api-request.ts";
import type { RequestRecord } from "./types.ts";

/** The requests that came, the latest of them. */
export interface RequestLog {
  readonly all: readonly RequestRecord[];
  /** Keeps the request's record and fills in its status and end as they come. */
  add(message: IncomingMessage, response: ServerResponse, at: number): RequestRecord;
}

/** So many requests are remembered. */
const rememberedRequests = 10_000;

export function createRequestLog(): RequestLog {
  const all: RequestRecord[] = [];
  return {
    all,
    add: (message, response, at) => {
      const record = recordOf(message, at);
      all.push(record);
      if (all.length > rememberedRequests) all.shift();
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status: number, ...rest: never[]) => {
        record.status = status;
        return writeHead(status, ...rest);
      };
      response.on("close", () => (record.ended = true));
      return record;
    },
  };
}

function recordOf(message: IncomingMessage, at: number): RequestRecord {
  const target = parseTarget(message.method ?? "GET", message.url ?? "/");
  const userAgent = message.headers["user-agent"];
  return {
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
}
