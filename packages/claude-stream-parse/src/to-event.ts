import { contentBlocks } from "./content.ts";
import type { ClaudeEvent, OtherEvent } from "./event-types.ts";
import { isObject, number, strings, text } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { systemEvent } from "./system-event.ts";
import { messageUsage } from "./token-usage.ts";

const noObject: JsonObject = Object.freeze({});

/** The event that an object with this `type` is. Reads fields only; copies nothing of the data. */
export function toEvent(raw: JsonObject, type: string): ClaudeEvent {
  switch (type) {
    case "system":
      return systemEvent(raw);
    case "assistant":
      return assistantEvent(raw);
    case "user":
      return userEvent(raw);
    case "result":
      return resultEvent(raw);
    case "stream_event":
      return partialEvent(raw);
    case "rate_limit_event":
      return rateLimitEvent(raw);
    case "tool_progress":
      return {
        ...identity(raw),
        type,
        toolName: text(raw["tool_name"]),
        elapsedSeconds: number(raw["elapsed_time_seconds"]),
      };
    case "conversation_reset":
      return { ...identity(raw), type, newSessionId: text(raw["new_conversation_id"]) };
    case "control_request":
      return controlEvent(raw, "request");
    case "control_response":
      return controlEvent(raw, "response");
    case "control_cancel_request":
      return controlEvent(raw, "cancel");
    default:
      return otherEvent(raw, type);
  }
}

function otherEvent(raw: JsonObject, name: string): OtherEvent {
  return { ...identity(raw), type: "other", name };
}

function identity(raw: JsonObject): {
  uuid: string | undefined;
  sessionId: string | undefined;
  raw: JsonObject;
} {
  return { uuid: text(raw["uuid"]), sessionId: text(raw["session_id"]), raw };
}

function assistantEvent(raw: JsonObject): ClaudeEvent {
  const message = isObject(raw["message"]) ? raw["message"] : noObject;
  const model = text(message["model"]);
  return {
    type: "assistant",
    uuid: text(raw["uuid"]),
    sessionId: text(raw["session_id"]),
    raw,
    messageId: text(message["id"]),
    model,
    synthetic: model === "<synthetic>",
    parentToolUseId: text(raw["parent_tool_use_id"]),
    blocks: contentBlocks(message["content"]),
    stopReason: text(message["stop_reason"]),
    usage: messageUsage(message["usage"]),
    error: text(raw["error"]),
    aborted: raw["aborted"] === true,
  };
}

function userEvent(raw: JsonObject): ClaudeEvent {
  const message = isObject(raw["message"]) ? raw["message"] : noObject;
  return {
    type: "user",
    uuid: text(raw["uuid"]),
    sessionId: text(raw["session_id"]),
    raw,
    parentToolUseId: text(raw["parent_tool_use_id"]),
    blocks: contentBlocks(message["content"]),
    synthetic: raw["isSynthetic"] === true,
    replay: raw["isReplay"] === true,
  };
}

function resultEvent(raw: JsonObject): ClaudeEvent {
  return {
    type: "result",
    uuid: text(raw["uuid"]),
    sessionId: text(raw["session_id"]),
    raw,
    subtype: text(raw["subtype"]) ?? "",
    isError: raw["is_error"] === true,
    text: text(raw["result"]),
    errors: strings(raw["errors"]),
    turns: number(raw["num_turns"]),
    totalCostUsd: number(raw["total_cost_usd"]),
    stopReason: text(raw["stop_reason"]),
    terminalReason: text(raw["terminal_reason"]),
    apiErrorStatus: number(raw["api_error_status"]),
    apiErrorType: text(raw["api_error_type"]),
    apiError: text(raw["api_error"]),
  };
}

function partialEvent(raw: JsonObject): ClaudeEvent {
  const event = isObject(raw["event"]) ? raw["event"] : noObject;
  const delta = isObject(event["delta"]) ? event["delta"] : noObject;
  return {
    type: "stream_event",
    uuid: text(raw["uuid"]),
    sessionId: text(raw["session_id"]),
    raw,
    eventType: text(event["type"]),
    parentToolUseId: text(raw["parent_tool_use_id"]),
    text: text(delta["text"]),
  };
}

function rateLimitEvent(raw: JsonObject): ClaudeEvent {
  const info = isObject(raw["rate_limit_info"]) ? raw["rate_limit_info"] : noObject;
  return {
    ...identity(raw),
    type: "rate_limit",
    status: text(info["status"]),
    resetsAt: number(info["resetsAt"]),
    limit: text(info["rateLimitType"]),
    utilization: number(info["utilization"]),
  };
}

function controlEvent(raw: JsonObject, direction: "request" | "response" | "cancel"): ClaudeEvent {
  const body = raw[direction];
  const inner = isObject(body) ? body : noObject;
  return {
    ...identity(raw),
    type: "control",
    direction,
    subtype: text(inner["subtype"]),
    requestId: text(raw["request_id"]) ?? text(inner["request_id"]),
  };
}
