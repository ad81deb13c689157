import type { ServerResponse } from "node:http";

import type { Clock } from "./clock.ts";
import type { Injection } from "./fault-plan.ts";
import type { Fault } from "./fault-types.ts";
import type { Answer } from "./server-parts.ts";
import { StatusError } from "./status-error.ts";

/** A request, once executed each time it is called. */
export type Execute = () => Promise<Answer>;

/**
 * The answer to a request that meets a fault before or around its execution; undefined when the
 * connection was closed instead. Faults of the body are not its business.
 */
export async function answerWithFault(
  clock: Clock,
  execute: Execute,
  wire: { readonly response: ServerResponse; readonly injection: Injection | undefined },
): Promise<Answer | undefined> {
  const { response, injection } = wire;
  if (injection === undefined) return execute();
  const { fault } = injection;
  switch (fault.kind) {
    case "status":
      injection.happened();
      return statusAnswer(fault);
    case "refuse":
      injection.happened();
      response.destroy();
      return undefined;
    case "lose-reply":
      await execute();
      injection.happened();
      response.destroy();
      return undefined;
    case "delay": {
      const gone = new AbortController();
      response.on("close", () => gone.abort());
      const early = fault.of === "answer" ? await execute() : undefined;
      injection.happened();
      await clock.wait(fault.ms, gone.signal);
      // As a server that has not begun a request yet when its client goes.
      if (gone.signal.aborted) return undefined;
      return early ?? execute();
    }
    case "duplicate":
      if (fault.what === "event") return execute();
      await execute();
      injection.happened();
      return execute();
    case "cut":
    case "stall":
    case "garbage":
      break;
  }
  return execute();
}

/** What the API refused, or could not do, as an answer. */
export function refusal(error: unknown): Answer {
  const { body } =
    error instanceof StatusError
      ? error
      : new StatusError(500, "InternalError", `Internal error occurred: ${String(error)}`);
  return { kind: "json", status: body.code, body };
}

function statusAnswer(fault: Extract<Fault, { kind: "status" }>): Answer {
  const { status, body, contentType, retryAfterSeconds } = fault;
  const headers =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  if (body !== undefined)
    return { kind: "text", status, body, contentType: contentType ?? "text/html", headers };
  const [reason = "", message = "the server answered so"] = statusWords[status] ?? [];
  const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
  return {
    kind: "json",
    status,
    body: new StatusError(status, reason, message, details).body,
    headers,
  };
}

/** apimachinery's reasons and texts (`pkg/api/errors`). */
const statusWords: Readonly<Record<number, readonly [string, string]>> = {
  400: ["BadRequest", "the server rejected our request for an unknown reason"],
  401: ["Unauthorized", "Unauthorized"],
  403: ["Forbidden", "forbidden"],
  404: ["NotFound", "the server could not find the requested resource"],
  409: ["Conflict", "the server reported a conflict"],
  410: ["Expired", "too old resource version"],
  429: ["TooManyRequests", "too many requests, please try again later"],
  500: ["InternalError", "an error on the server has prevented the request from succeeding"],
  502: ["", "bad gateway"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: ["Timeout", "the server was unable to return a response in the time allotted"],
};
