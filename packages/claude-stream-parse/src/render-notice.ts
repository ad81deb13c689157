import type { ClaudeEvent } from "./event-types.ts";
import { oneLine } from "./words.ts";

type Type = ClaudeEvent["type"];
type Events = { readonly [T in Type]: Extract<ClaudeEvent, { type: T }> };

/** Small things worth a line; one that begins with `!` is a warning. What is missing here is for machines. */
const notices: { readonly [T in Type]?: (event: Events[T]) => string | undefined } = {
  init: ({ model, sessionId }) => `● ${model ?? "claude"} · session ${sessionId ?? "unknown"}`,
  noise: ({ text, reason }) => (reason === "blank" ? undefined : `  ${text}`),
  rate_limit: ({ status, limit }) =>
    status === "allowed" ? undefined : `! limit ${limit ?? ""} ${status ?? ""}`,
  api_retry: ({ status, attempt, maxRetries }) =>
    `! ${status ?? "no answer"}: attempt ${attempt ?? "?"} of ${maxRetries ?? "?"} failed, trying again`,
  task: ({ phase, summary, taskId }) =>
    phase === "progress" ? undefined : `  task ${phase}: ${oneLine(summary ?? taskId ?? "", 80)}`,
  hook: ({ outcome, name, output }) =>
    outcome === "error" ? `! hook ${name ?? ""}: ${oneLine(output ?? "", 120)}` : undefined,
  compact_boundary: ({ trigger }) => `  history compacted (${trigger ?? "auto"})`,
  notice: ({ text }) => (text === "" ? undefined : `! ${oneLine(text, 200)}`),
  permission_denied: ({ toolName }) => `! ${toolName ?? "a tool"} was not allowed`,
  model_change: ({ from, to }) => `! model ${from ?? "?"} ${to ? `→ ${to}` : "refused"}`,
};

export function renderNotice(event: ClaudeEvent): string | undefined {
  return notice(event.type, event);
}

function notice<T extends Type>(type: T, event: Events[T]): string | undefined {
  return notices[type]?.(event);
}
