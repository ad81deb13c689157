import type { ContentBlock, TokenUsage } from "./content-types.ts";
import type { JsonObject } from "./json.ts";
import type { Noise } from "./noise-types.ts";

/** What nearly every event carries. `raw` is the parsed object, untouched. */
type Base<Type extends string> = {
  readonly type: Type;
  readonly uuid: string | undefined;
  readonly sessionId: string | undefined;
  readonly raw: JsonObject;
};

/** The start of a turn. There can be several in one run, or none. `model` is what was asked for. */
export type InitEvent = Base<"init"> & {
  readonly model: string | undefined;
  readonly cwd: string | undefined;
  readonly cliVersion: string | undefined;
  readonly tools: readonly unknown[];
};

/** One block of one reply, mostly; blocks of one reply share `messageId`. */
export type AssistantEvent = Base<"assistant"> & {
  readonly messageId: string | undefined;
  readonly model: string | undefined;
  /** Written by the CLI itself (an error, a local command), not by a model. */
  readonly synthetic: boolean;
  /** Set: a subagent said it, under this tool call. */
  readonly parentToolUseId: string | undefined;
  readonly blocks: readonly ContentBlock[];
  readonly stopReason: string | undefined;
  /** As of the start of the reply; not for totals. */
  readonly usage: TokenUsage | undefined;
  /** The CLI's word for an API error: a hint, not a verdict. */
  readonly error: string | undefined;
  readonly aborted: boolean;
};

/** Tool results, or a prompt that the CLI wrote or repeated. */
export type UserEvent = Base<"user"> & {
  readonly parentToolUseId: string | undefined;
  readonly blocks: readonly ContentBlock[];
  /** Written by the CLI: hook feedback, "continue", a compaction summary. */
  readonly synthetic: boolean;
  /** An echo of stdin. */
  readonly replay: boolean;
};

/** The end of a turn; not always the end of the run. `subtype` success is no proof of success. */
export type ResultEvent = Base<"result"> & {
  readonly subtype: string;
  readonly isError: boolean;
  /** The last text block of the last reply; with `isError` the error's text. */
  readonly text: string | undefined;
  readonly errors: readonly string[];
  readonly turns: number | undefined;
  /** The CLI's estimate; cumulative, and after a resume maybe with earlier runs. */
  readonly totalCostUsd: number | undefined;
  readonly stopReason: string | undefined;
  readonly terminalReason: string | undefined;
  readonly apiErrorStatus: number | undefined;
  readonly apiErrorType: string | undefined;
  readonly apiError: string | undefined;
};

/** One event of the Messages API, with `--include-partial-messages`. Whole messages come too. */
export type PartialEvent = Base<"stream_event"> & {
  readonly eventType: string | undefined;
  readonly parentToolUseId: string | undefined;
  /** The text that a `content_block_delta` adds. */
  readonly text: string | undefined;
};

export type RateLimitEvent = Base<"rate_limit"> & {
  /** allowed, allowed_warning, rejected. Only `rejected` is a stop. */
  readonly status: string | undefined;
  /** Seconds since 1970. */
  readonly resetsAt: number | undefined;
  /** five_hour, seven_day, … */
  readonly limit: string | undefined;
  /** The part of the limit that is used, 1 for all of it; not always said. */
  readonly utilization: number | undefined;
};

/** A call failed and is tried again: no error of the run. */
export type ApiRetryEvent = Base<"api_retry"> & {
  readonly attempt: number | undefined;
  readonly maxRetries: number | undefined;
  readonly delayMs: number | undefined;
  /** HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  readonly error: string | undefined;
};

/** A subagent or a background command. */
export type TaskEvent = Base<"task"> & {
  readonly phase: "started" | "progress" | "updated" | "notification";
  readonly taskId: string | undefined;
  readonly status: string | undefined;
  readonly summary: string | undefined;
};

/** The whole set of what runs in the background now. */
export type BackgroundTasksEvent = Base<"background_tasks"> & {
  readonly taskIds: readonly string[];
};

export type HookEvent = Base<"hook"> & {
  readonly phase: "started" | "progress" | "response";
  readonly name: string | undefined;
  readonly hookEvent: string | undefined;
  readonly outcome: string | undefined;
  readonly output: string | undefined;
};

/** History was replaced by a summary. */
export type CompactEvent = Base<"compact_boundary"> & {
  readonly trigger: string | undefined;
  readonly tokensBefore: number | undefined;
  readonly tokensAfter: number | undefined;
};

/** A banner for people: `system/informational` and `system/notification`. */
export type NoticeEvent = Base<"notice"> & {
  readonly text: string;
  /** A hook kept the prompt from the model. */
  readonly preventsContinuation: boolean;
};

export type PermissionDeniedEvent = Base<"permission_denied"> & {
  readonly toolName: string | undefined;
  readonly message: string | undefined;
};

/** Another model took over, or a refusal stands. */
export type ModelChangeEvent = Base<"model_change"> & {
  readonly why: "fallback" | "refusal_fallback" | "refusal";
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly retractedUuids: readonly string[];
};

/** idle after the last result is the surest end mark there is. */
export type SessionStateEvent = Base<"session_state"> & { readonly state: string | undefined };

/** A heartbeat of a long tool call. */
export type ToolProgressEvent = Base<"tool_progress"> & {
  readonly toolName: string | undefined;
  readonly elapsedSeconds: number | undefined;
};

/** `system/status`: requesting, compacting, or nothing. */
export type StatusEvent = Base<"status"> & { readonly status: string | undefined };

/** `/clear`: the next init has another session id. */
export type ConversationResetEvent = Base<"conversation_reset"> & {
  readonly newSessionId: string | undefined;
};

/** The control protocol of stream-json input. A request waits for an answer on stdin. */
export type ControlEvent = Base<"control"> & {
  readonly direction: "request" | "response" | "cancel";
  readonly subtype: string | undefined;
  readonly requestId: string | undefined;
};

/** A type that this version does not know, or that needs no reading. `name` is `type` or `type/subtype`. */
export type OtherEvent = Base<"other"> & { readonly name: string };

/** Everything that a line can mean. The set is closed; what is new in the CLI arrives as `other`. */
export type ClaudeEvent =
  | InitEvent
  | AssistantEvent
  | UserEvent
  | ResultEvent
  | PartialEvent
  | RateLimitEvent
  | ApiRetryEvent
  | TaskEvent
  | BackgroundTasksEvent
  | HookEvent
  | CompactEvent
  | NoticeEvent
  | PermissionDeniedEvent
  | ModelChangeEvent
  | SessionStateEvent
  | ToolProgressEvent
  | StatusEvent
  | ConversationResetEvent
  | ControlEvent
  | OtherEvent
  | Noise;
