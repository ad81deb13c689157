export { createTranscript } from "./create-transcript.ts";
export type { Transcript, TranscriptOptions } from "./create-transcript.ts";
export { parseLine } from "./parse-line.ts";
export { parseStream } from "./parse-stream.ts";
export { add, nothingYet } from "./summary.ts";
export type { ContentBlock, TokenUsage } from "./content-types.ts";
export type {
  ApiRetryEvent,
  AssistantEvent,
  BackgroundTasksEvent,
  ClaudeEvent,
  CompactEvent,
  ControlEvent,
  ConversationResetEvent,
  HookEvent,
  InitEvent,
  ModelChangeEvent,
  NoticeEvent,
  OtherEvent,
  PartialEvent,
  PermissionDeniedEvent,
  RateLimitEvent,
  ResultEvent,
  SessionStateEvent,
  StatusEvent,
  TaskEvent,
  ToolProgressEvent,
  UserEvent,
} from "./event-types.ts";
export type { JsonObject } from "./json.ts";
export type { Noise, NoiseReason } from "./noise-types.ts";
export type {
  ClaudeSummary,
  NoiseSummary,
  PartialFlags,
  ResultSummary,
  StreamEnd,
  SyntheticMessage,
  UsageSource,
} from "./summary-types.ts";
export type { ProcessEnd, Retry, Verdict, VerdictKind } from "./verdict-types.ts";
export { describe } from "./describe.ts";
export { verdict } from "./verdict.ts";
export { describePartialRun, describeTruncation } from "./describe-partial-run.ts";
export type { ContainerEnd, PartialRun } from "./describe-partial-run.ts";
export { isLoginRequired, loginUrl } from "./login.ts";
export { renderEvent } from "./render-event.ts";
export type { RenderOptions } from "./render-event.ts";
