import { request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";

import type { Emulator } from "../src/index.ts";

/** What came over the wire, to the last byte. */
export interface Exchange {
  readonly status?: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  /** The body ended as HTTP says that it does. */
  readonly complete: boolean;
  /** The connection ended in a reset (RST) and not in an end (FIN). */
  readonly reset: boolean;
  /** The code of the error that ended it, if one did. */
  readonly error?: string;
}

export interface ExchangeOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
  /** Called with all bytes so far; true ends the exchange from this side. */
  readonly enough?: (bytes: Buffer) => boolean;
}

/** One request on a connection of its own, which never rejects. */
export function exchange(
  emulator: Emulator,
  path: string,
  options: ExchangeOptions = {},
): Promise<Exchange> {
  return new Promise((resolve) => talk(emulator, { path, options, resolve }));
}

interface Talk {
  readonly path: string;
  readonly options: ExchangeOptions;
  readonly resolve: (exchange: Exchange) => void;
}

function talk(emulator: Emulator, { path, options, resolve }: Talk): void {
  const chunks: Buffer[] = [];
  let response: IncomingMessage | undefined;
  const finish = (error?: NodeJS.ErrnoException): void =>
    resolve({
      ...(response?.statusCode === undefined ? {} : { status: response.statusCode }),
      headers: response?.headers ?? {},
      bytes: Buffer.concat(chunks),
      complete: response?.complete ?? false,
      reset: error?.syscall === "read",
      ...(error === undefined ? {} : { error: error.code ?? error.message }),
    });
  const send = emulator.url.startsWith("https:") ? requestHttps : requestHttp;
  const settings: RequestOptions & { rejectUnauthorized: boolean } = {
    method: options.method ?? "GET",
    agent: false,
    rejectUnauthorized: false,
    headers: {
      "content-type": "application/json",
      ...(options.userAgent === undefined ? {} : { "user-agent": options.userAgent }),
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const request = send(emulator.url + path, settings, (answer) => {
    response = answer;
    answer.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.enough?.(Buffer.concat(chunks)) === true) request.destroy();
    });
    answer.on("error", finish);
    answer.on("end", () => finish());
    answer.on("close", () => finish());
  });
  request.on("error", finish);
  request.end(options.body === undefined ? undefined : JSON.stringify(options.body));
}
