import type { TokenUsage } from "./content-types.ts";
import type { FoldMemory } from "./fold-memory.ts";
import type { NoiseReason } from "./noise-types.ts";

/**
 * How far the stream got.
 * `nothing`, `noise-only`, `init-only` say what they mean; `empty-response`: a model began to answer and said nothing
 * (stop_reason null, no output tokens); `truncated`: it answered, and no result came; `result`: at least one result.
 * `other-events`: events, but none of these.
 */
export type StreamEnd =
  | "nothing"
  | "noise-only"
  | "other-events"
  | "init-only"
  | "empty-response"
  | "truncated"
  | "result";

/** A result event, shortened. The text of the last one is `ClaudeSummary.resultText`. */
export type ResultSummary = {
  readonly subtype: string;
  readonly isError: boolean;
  readonly stopReason: string | undefined;
  readonly terminalReason: string | undefined;
  readonly apiErrorStatus: number | undefined;
  readonly apiErrorType: string | undefined;
  readonly apiError: string | undefined;
  readonly errors: readonly string[];
  readonly textLength: number | undefined;
  readonly turns: number | undefined;
  readonly totalCostUsd: number | undefined;
  readonly sessionId: string | undefined;
  /** `task-notification` on a follow-up to a background task; absent on the answer to the prompt. */
  readonly origin: string | undefined;
  readonly localCommand: string | undefined;
  readonly startupFailure: string | undefined;
  readonly hasStructuredOutput: boolean;
  readonly permissionDenials: number;
  readonly safetyStops: number;
};

/** Where `usage` was read, best first. */
export type UsageSource =
  | "since_last_result"
  | "model_usage"
  | "result_usage"
  | "messages"
  | "none";

export type NoiseSummary = {
  readonly count: number;
  /** At most 5 lines of 500 characters, blank ones left out. */
  readonly first: readonly string[];
  /** At most 5 lines of 500 characters, blank ones left out. */
  readonly last: readonly string[];
  readonly reasons: { readonly [reason in NoiseReason]?: number };
};

/** Which figures are a lower bound only. */
export type PartialFlags = {
  /** No result said the totals: `usage` is what the messages showed. */
  readonly usage: boolean;
  /** The last line was cut off. */
  readonly lastLine: boolean;
  /** Lines were skipped because they were too long. */
  readonly skippedLines: boolean;
};

/** The last thing that the CLI itself said in the main loop of the last turn: an error mostly. */
export type SyntheticMessage = {
  readonly text: string | undefined;
  readonly error: string | undefined;
  readonly stopReason: string | undefined;
};

/** The whole truth about a transcript, in bounded memory. */
export type ClaudeSummary = {
  readonly end: StreamEnd;
  /** The session of the last result, else the first seen. */
  readonly sessionId: string | undefined;
  /** Every session seen, the first 64. */
  readonly sessionIds: readonly string[];
  /** The model asked for, by the first init. */
  readonly model: string | undefined;
  /** The models that answered in the main loop, the first 64. */
  readonly answeringModels: readonly string[];
  readonly cliVersion: string | undefined;
  /** Init events: one a turn, or none when the CLI did not start. */
  readonly initCount: number;
  /** The first and the newest 31 results. */
  readonly results: readonly ResultSummary[];
  readonly resultCount: number;
  /** `result` of the last result; with an error the error's text. */
  readonly resultText: string | undefined;
  /** The last text block that a model wrote in the main loop. */
  readonly lastAssistantText: string | undefined;
  /** What this process alone used. */
  readonly usage: TokenUsage;
  readonly usageSource: UsageSource;
  /** What this process alone cost, in US dollars by the CLI's estimate; absent when no result said it. */
  readonly costUsd: number | undefined;
  /** As the last result says. Versions count differently. */
  readonly turns: number | undefined;
  /** Tool calls seen, those of subagents too. */
  readonly toolCalls: number;
  readonly openBackgroundTasks: readonly string[];
  /** Names (`type` or `type/subtype`) of what still came after the last result, the first 64. */
  readonly eventsAfterLastResult: readonly string[];
  readonly noise: NoiseSummary;
  /** The last word on the subscription's limits. */
  readonly rateLimit:
    | {
        readonly status: string | undefined;
        readonly resetsAt: number | undefined;
        readonly limit: string | undefined;
      }
    | undefined;
  readonly partial: PartialFlags;
  readonly lastSynthetic: SyntheticMessage | undefined;
  /** In the last turn, a hook's reason for keeping the prompt from the model. */
  readonly blockedBy: string | undefined;
  /** In the last turn, the CLI showed the output of a slash command. */
  readonly localCommand: boolean;
  /** In the last turn (since the last init), a model replied in the main loop. */
  readonly lastTurnReplied: boolean;
  /** The last failed attempt that was tried again, when no reply came after it. */
  readonly lastRetry:
    | { readonly status: number | undefined; readonly error: string | undefined }
    | undefined;
  /** The stop reason of the last main-loop reply by a model; absent when it was null. */
  readonly lastStopReason: string | undefined;
  /** Output tokens on that reply's event; an early figure. */
  readonly lastOutputTokens: number | undefined;
  /** A schema was asked for: the tool `StructuredOutput` was offered. */
  readonly schemaRequested: boolean;
  /** What the next `add` needs: opaque, bounded, not for reading. */
  readonly memory: FoldMemory;
};
