import type { LogAnswer, LogTarget } from "./types.ts";
import { LogStreamError } from "./errors.ts";

/** What to do about an answer that is not a log. */
export type Refusal = {
  readonly cause: string;
  /**
   * - `waiting`: the container has not started.
   * - `unreachable`: nobody who knows was reached; this can pass, and says nothing.
   * - `unreadable`: the API server answers, and the log cannot be had now.
   */
  readonly kind: "waiting" | "unreachable" | "unreadable";
  /** As the server asked. */
  readonly retryAfterMs?: number;
};

/**
 * What each answer means for following.
 * @throws LogStreamError when neither waiting nor trying again can help
 */
export function judgeRefusal(
  answer: Exclude<LogAnswer, { kind: "open" }>,
  target: LogTarget,
): Refusal {
  switch (answer.kind) {
    case "not-started":
      return { kind: "waiting", cause: answer.message };
    case "not-found":
      return { kind: "unreadable", cause: "the log was not found" };
    case "busy": {
      const cause = "the API server is overloaded";
      return answer.retryAfterMs === undefined
        ? { kind: "unreachable", cause }
        : { kind: "unreachable", cause, retryAfterMs: answer.retryAfterMs };
    }
    case "failed":
    default:
      return judgeFailure(answer.status, answer.message, target);
  }
}

function judgeFailure(status: number, message: string, target: LogTarget): Refusal {
  const log = `the log of container ${target.container} of pod ${target.namespace}/${target.pod}`;
  if (status === 403)
    throw new LogStreamError(
      "LOG_STREAM_DENIED",
      `${log} must not be read: the right to get pods/log in namespace "${target.namespace}" is needed: ${message}`,
    );
  // The API server knows the pod's containers: no waiting brings another.
  if (status === 400 && /is not valid for pod|container name must be specified/.test(message))
    throw new LogStreamError("LOG_STREAM_GAVE_UP", `${log} cannot be read: ${message}`);
  const cause = status === 0 ? message : `${status}: ${message}`;
  return { kind: status === 0 || status === 401 ? "unreachable" : "unreadable", cause };
}
