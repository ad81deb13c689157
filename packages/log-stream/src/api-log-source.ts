import { PassThrough, type Writable } from "node:stream";
import { unlessAborted } from "@claude-k8s/kube-http";
import { LogStreamError } from "./errors.ts";
import type { LogAnswer, LogSource } from "./types.ts";

/** The one member of client-node's `Log` that is used. */
export interface LogApiLike {
  /**
   * Writes the log into `writable` and resolves when the stream has ended; destroying `writable`
   * stops it. Resolving early with something that can be aborted is understood too (then the end is
   * that of `writable`), but client-node's own class does not end it when the connection is cut.
   */
  log(
    namespace: string,
    pod: string,
    container: string,
    writable: Writable,
    options?: { follow?: boolean; timestamps?: boolean; tailLines?: number; previous?: boolean },
  ): Promise<unknown>;
}

/** `log()` does not say when the answer begins: silent for so long, it has begun. */
const answerMs = 2_000;

/**
 * Reads logs through an object shaped like client-node's `Log`. It may ignore `timestamps`; then a
 * read always begins at the start, and what was delivered before is skipped.
 */
export function apiLogSource(logApi: LogApiLike): LogSource {
  return {
    async open({ namespace, pod, container }, { follow, tailLines, previous, signal }) {
      const body = new PassThrough();
      // The consumer of the body reports its errors; before it there may be none.
      body.on("error", () => {});
      signal.addEventListener("abort", () => body.destroy(), { once: true });
      const options = {
        follow,
        timestamps: true,
        ...(tailLines === undefined ? {} : { tailLines }),
        ...(previous === true ? { previous } : {}),
      };
      const ended = callLog(() => logApi.log(namespace, pod, container, body, options), body);
      const failure = await unlessAborted(firstOf(ended, body), signal);
      if (failure === undefined) return { kind: "open", body, timestamps: "unknown" };
      body.destroy();
      return toAnswer(failure.error);
    },
  };
}

type Failure = { readonly error: unknown };

/** Ends the body as `log()` ends. Never rejects. */
async function callLog(
  log: () => Promise<unknown>,
  body: PassThrough,
): Promise<Failure | undefined> {
  try {
    const value = await log();
    const goesOn = typeof value === "object" && value !== null && "abort" in value;
    if (!goesOn && !body.writableEnded) body.end();
    return undefined;
  } catch (error) {
    body.destroy(error instanceof Error ? error : new Error(String(error)));
    return { error };
  }
}

/** The failure if it comes before any byte; `undefined` once the answer has begun. */
function firstOf(
  ended: Promise<Failure | undefined>,
  body: PassThrough,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const timer = globalThis.setTimeout(settle, answerMs, undefined);
    function settle(failure: Failure | undefined): void {
      globalThis.clearTimeout(timer);
      body.off("readable", onReadable);
      body.off("close", onReadable);
      resolve(failure);
    }
    const onReadable = (): void => settle(undefined);
    body.once("readable", onReadable);
    body.once("close", onReadable);
    void ended.then(settle);
  });
}

/** @throws LogStreamError for an error that tells neither an HTTP status nor a network failure */
function toAnswer(error: unknown): Exclude<LogAnswer, { kind: "open" }> {
  const message = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  if (status === 404) return { kind: "not-found" };
  if (status === 204 || (status === 400 && /waiting to start|ContainerCreating/.test(message)))
    return { kind: "not-started", message };
  if (status === 429 || status === 503) return { kind: "busy" };
  if (status !== undefined) return { kind: "failed", status, message };
  throw new LogStreamError("LOG_STREAM_GAVE_UP", `log() failed: ${message}`, { cause: error });
}

/** 0 for a network failure; `undefined` when the error tells neither. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(error));
  const response = fields.get("response");
  const inner =
    typeof response === "object" && response !== null
      ? new Map<string, unknown>(Object.entries(response))
      : fields;
  for (const value of [
    fields.get("code"),
    fields.get("statusCode"),
    fields.get("status"),
    inner.get("statusCode"),
    inner.get("status"),
  ])
    if (typeof value === "number") return value;
  return typeof fields.get("code") === "string" ? 0 : undefined;
}
