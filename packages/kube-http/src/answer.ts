import { describeRequest, type RequestWords } from "./describe.ts";
import { KubeHttpError, type KubeHttpErrorDetails } from "./errors.ts";
import type { KubeAnswer, KubeStatus } from "./types.ts";

/** One whole HTTP answer. */
export type WholeAnswer = {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
};

/**
 * An HTTP answer in our words.
 * @throws KubeHttpError for what is no outcome of a correct request
 */
export function judgeAnswer<T>(answer: WholeAnswer, words: RequestWords): KubeAnswer<T> {
  if (answer.status >= 200 && answer.status < 300) return okAnswer<T>(answer, words);
  const status = readStatus(answer.status, answer.text);
  switch (answer.status) {
    case 404:
      // Only the API server knows what is gone; a gateway that has lost it answers 404 in words of its own.
      if (!isStatus(answer.text)) throw refusal(status, answer.retryAfterMs, words);
      return { kind: "not-found", status };
    case 409:
      return { kind: "conflict", status };
    case 410:
      return { kind: "gone", status };
    case 400:
    case 422:
      return { kind: "invalid", status };
    default:
      throw refusal(status, answer.retryAfterMs, words);
  }
}

function okAnswer<T>(answer: WholeAnswer, words: RequestWords): KubeAnswer<T> {
  const parsed = answer.text === "" ? undefined : parseJson(answer, words);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows what its path answers with
  const body = parsed as T;
  const version = resourceVersionOf(parsed);
  return version === undefined
    ? { kind: "ok", body }
    : { kind: "ok", body, resourceVersion: version };
}

function parseJson(answer: WholeAnswer, words: RequestWords): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    const length = `${answer.text.length} characters that are not JSON`;
    throw new KubeHttpError("KUBE_UNEXPECTED", `${describeRequest(words)}: answered ${length}`, {
      status: answer.status,
      cause,
    });
  }
}

function resourceVersionOf(body: unknown): string | undefined {
  if (!isRecord(body) || !isRecord(body["metadata"])) return undefined;
  const version = body["metadata"]["resourceVersion"];
  return typeof version === "string" && version !== "" ? version : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The error for a status that is no outcome. */
function refusal(
  status: KubeStatus,
  retryAfterMs: number | undefined,
  words: RequestWords,
): KubeHttpError {
  const details: KubeHttpErrorDetails = {
    status: status.code,
    reason: status.reason,
    retryAfterMs,
  };
  const said = status.message === undefined ? "" : `: ${status.message}`;
  const request = describeRequest(words);
  switch (status.code) {
    case 401:
      return new KubeHttpError(
        "KUBE_UNAUTHORIZED",
        `${request}: the API server does not accept the credentials (401)${said}`,
        details,
      );
    case 403:
      return new KubeHttpError("KUBE_DENIED", denial(status, words), details);
    case 429:
    case 503:
      return new KubeHttpError(
        "KUBE_OVERLOADED",
        `${request}: the API server is overloaded (${status.code})${said}`,
        details,
      );
    default:
      return new KubeHttpError(
        "KUBE_UNEXPECTED",
        `${request}: answered ${status.code}${said}`,
        details,
      );
  }
}

/** RBAC says "cannot VERB resource"; a quota or an admission webhook answers 403 too, and no right would help. */
export function denial(status: KubeStatus, words: RequestWords): string {
  const said = status.message === undefined ? "" : `: ${status.message}`;
  const missing = status.message === undefined || / cannot \S+ /.test(status.message);
  if (!missing) return `${describeRequest(words)}: refused (403)${said}`;
  const group = words.group === "" ? "the core API group" : `API group "${words.group}"`;
  const where =
    words.namespace === undefined ? "at cluster scope" : `in namespace "${words.namespace}"`;
  return `${describeRequest(words)}: the right to ${words.verb} ${words.resource} of ${group} ${where} is missing${said}`;
}

/** Reads a `Status` object, or takes a short text as the message. */
export function readStatus(code: number, text: string): KubeStatus {
  const parsed = statusObject(text);
  if (parsed === undefined) {
    const message = text.trim().slice(0, 300);
    return message === "" ? { code } : { code, message };
  }
  const { reason, message, details } = parsed;
  return {
    code,
    ...(typeof reason === "string" && reason !== "" ? { reason } : {}),
    ...(typeof message === "string" && message !== "" ? { message: message.slice(0, 2_000) } : {}),
    ...(isRecord(details) ? { details } : {}),
  };
}

function isStatus(text: string): boolean {
  return statusObject(text)?.["kind"] === "Status";
}

function statusObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) && ("message" in parsed || parsed["kind"] === "Status")
      ? parsed
      : undefined;
  } catch {
    // Not JSON: the kubelet and proxies answer in plain text, which the caller then uses.
    return undefined;
  }
}
