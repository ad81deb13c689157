import type { ClaudeEvent } from "./event-types.ts";
import { isObject, list, number, strings, text } from "./json.ts";
import type { JsonObject } from "./json.ts";

type Reader = (raw: JsonObject, base: Identity) => ClaudeEvent;
type Identity = {
  readonly uuid: string | undefined;
  readonly sessionId: string | undefined;
  readonly raw: JsonObject;
};

/** Events of `type: "system"`, by subtype. A Map: a subtype named `constructor` finds nothing in it. */
const readers: ReadonlyMap<unknown, Reader> = new Map<unknown, Reader>([
  ["init", init],
  ["api_retry", apiRetry],
  ["compact_boundary", compact],
  ["informational", (raw, base) => notice(raw, base, "content")],
  ["notification", (raw, base) => notice(raw, base, "text")],
  ["permission_denied", permissionDenied],
  ["model_fallback", (raw, base) => modelChange(raw, base, "fallback")],
  ["model_refusal_fallback", (raw, base) => modelChange(raw, base, "refusal_fallback")],
  ["model_refusal_no_fallback", (raw, base) => modelChange(raw, base, "refusal")],
  ["background_tasks_changed", backgroundTasks],
  [
    "session_state_changed",
    (raw, base) => ({ ...base, type: "session_state", state: text(raw["state"]) }),
  ],
  ["status", (raw, base) => ({ ...base, type: "status", status: text(raw["status"]) })],
  ["task_started", (raw, base) => task(raw, base, "started")],
  ["task_progress", (raw, base) => task(raw, base, "progress")],
  ["task_updated", (raw, base) => task(raw, base, "updated")],
  ["task_notification", (raw, base) => task(raw, base, "notification")],
  ["hook_started", (raw, base) => hook(raw, base, "started")],
  ["hook_progress", (raw, base) => hook(raw, base, "progress")],
  ["hook_response", (raw, base) => hook(raw, base, "response")],
]);

export function systemEvent(raw: JsonObject): ClaudeEvent {
  const base = { uuid: text(raw["uuid"]), sessionId: text(raw["session_id"]), raw };
  const subtype = raw["subtype"];
  const reader = readers.get(subtype);
  if (reader) return reader(raw, base);
  return {
    ...base,
    type: "other",
    name: typeof subtype === "string" ? `system/${subtype}` : "system",
  };
}

function init(raw: JsonObject, base: Identity): ClaudeEvent {
  return {
    ...base,
    type: "init",
    model: text(raw["model"]),
    cwd: text(raw["cwd"]),
    cliVersion: text(raw["claude_code_version"]),
    tools: list(raw["tools"]),
  };
}

function apiRetry(raw: JsonObject, base: Identity): ClaudeEvent {
  return {
    ...base,
    type: "api_retry",
    attempt: number(raw["attempt"]),
    maxRetries: number(raw["max_retries"]),
    delayMs: number(raw["retry_delay_ms"]),
    status: number(raw["error_status"]),
    error: text(raw["error"]),
  };
}

function compact(raw: JsonObject, base: Identity): ClaudeEvent {
  const data = isObject(raw["compact_metadata"]) ? raw["compact_metadata"] : {};
  return {
    ...base,
    type: "compact_boundary",
    trigger: text(data["trigger"]),
    tokensBefore: number(data["pre_tokens"]),
    tokensAfter: number(data["post_tokens"]),
  };
}

function notice(raw: JsonObject, base: Identity, field: string): ClaudeEvent {
  return {
    ...base,
    type: "notice",
    text: text(raw[field]) ?? "",
    preventsContinuation: raw["prevent_continuation"] === true,
  };
}

function permissionDenied(raw: JsonObject, base: Identity): ClaudeEvent {
  return {
    ...base,
    type: "permission_denied",
    toolName: text(raw["tool_name"]),
    message: text(raw["message"]) ?? text(raw["decision_reason"]),
  };
}

function modelChange(
  raw: JsonObject,
  base: Identity,
  why: "fallback" | "refusal_fallback" | "refusal",
): ClaudeEvent {
  return {
    ...base,
    type: "model_change",
    why,
    from: text(raw["original_model"]),
    to: text(raw["fallback_model"]),
    retractedUuids: strings(raw["retracted_message_uuids"]),
  };
}

function backgroundTasks(raw: JsonObject, base: Identity): ClaudeEvent {
  const taskIds: string[] = [];
  for (const task of list(raw["tasks"])) {
    const id = isObject(task) ? text(task["task_id"]) : undefined;
    taskIds.push(id ?? "unnamed");
  }
  return { ...base, type: "background_tasks", taskIds };
}

function task(
  raw: JsonObject,
  base: Identity,
  phase: "started" | "progress" | "updated" | "notification",
): ClaudeEvent {
  const patch = isObject(raw["patch"]) ? raw["patch"] : {};
  return {
    ...base,
    type: "task",
    phase,
    taskId: text(raw["task_id"]),
    status: text(raw["status"]) ?? text(patch["status"]),
    summary: text(raw["summary"]) ?? text(raw["description"]),
  };
}

function hook(
  raw: JsonObject,
  base: Identity,
  phase: "started" | "progress" | "response",
): ClaudeEvent {
  return {
    ...base,
    type: "hook",
    phase,
    name: text(raw["hook_name"]),
    hookEvent: text(raw["hook_event"]),
    outcome: text(raw["outcome"]),
    output: text(raw["output"]) ?? text(raw["stdout"]),
  };
}
