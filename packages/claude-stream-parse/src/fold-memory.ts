import type { TokenUsage } from "./content-types.ts";
import type { NoiseReason } from "./noise-types.ts";
import { copyRecent, noneRecent } from "./recent.ts";
import type { Recent } from "./recent.ts";
import type { ResultSummary, SyntheticMessage } from "./summary-types.ts";
import { noTokens } from "./token-usage.ts";

/** How far `add` looks back for repeated uuids and message ids. */
export const lookBack = 1024;

/** A reply's usage as last seen; `final` once a `message_delta` told the true end. */
type MessageUsage = { readonly usage: TokenUsage; readonly final: boolean };

/** The reply being streamed, one per speaker (main loop or subagent). */
type PartialMessage = { readonly id: string; readonly usage: TokenUsage | undefined };

/** What the fold knows. Every list and map in it has a bound. */
export type FoldMemory = {
  uuids: Recent;
  events: number;
  inits: number;
  sessionId: string | undefined;
  sessionIds: string[];
  model: string | undefined;
  answeringModels: string[];
  cliVersion: string | undefined;
  schemaRequested: boolean;
  /** A model said something in the main loop. */
  answered: boolean;
  /** A model's main-loop reply had neither stop reason nor output. */
  emptyReply: boolean;
  /** A model replied in the main loop since the last init. */
  lastTurnReplied: boolean;
  /** A model's main-loop reply came after the last result. */
  turnOpen: boolean;
  lastText: string | undefined;
  lastTextUuid: string | undefined;
  textBefore: string | undefined;
  lastStopReason: string | undefined;
  lastOutputTokens: number | undefined;
  lastSynthetic: SyntheticMessage | undefined;
  blockedBy: string | undefined;
  localCommand: boolean;
  lastRetry:
    | { readonly status: number | undefined; readonly error: string | undefined }
    | undefined;
  rateLimit:
    | {
        readonly status: string | undefined;
        readonly resetsAt: number | undefined;
        readonly limit: string | undefined;
      }
    | undefined;
  toolCalls: number;
  /** Undefined until the CLI tells the whole set; then `started` is not asked any more. */
  backgroundSet: readonly string[] | undefined;
  startedTasks: Set<string>;
  results: ResultSummary[];
  resultCount: number;
  resultText: string | undefined;
  turns: number | undefined;
  eventsAfterLastResult: string[];
  /** `model_usage_since_last_result`, summed; cost 0 and no tokens where all were empty. */
  sinceLastResult:
    | { readonly tokens: TokenUsage | undefined; readonly costUsd: number }
    | undefined;
  lastModelUsage: TokenUsage | undefined;
  resultUsage: TokenUsage | undefined;
  totalCostUsd: number | undefined;
  messages: Map<string, MessageUsage>;
  messageTotal: TokenUsage;
  partials: Map<string, PartialMessage>;
  noiseCount: number;
  noiseReasons: Map<NoiseReason, number>;
  firstNoise: string[];
  lastNoise: string[];
};

export function emptyMemory(): FoldMemory {
  return {
    uuids: noneRecent(),
    events: 0,
    inits: 0,
    sessionId: undefined,
    sessionIds: [],
    model: undefined,
    answeringModels: [],
    cliVersion: undefined,
    schemaRequested: false,
    answered: false,
    emptyReply: false,
    lastTurnReplied: false,
    turnOpen: false,
    lastText: undefined,
    lastTextUuid: undefined,
    textBefore: undefined,
    lastStopReason: undefined,
    lastOutputTokens: undefined,
    lastSynthetic: undefined,
    blockedBy: undefined,
    localCommand: false,
    lastRetry: undefined,
    rateLimit: undefined,
    toolCalls: 0,
    backgroundSet: undefined,
    startedTasks: new Set(),
    results: [],
    resultCount: 0,
    resultText: undefined,
    turns: undefined,
    eventsAfterLastResult: [],
    sinceLastResult: undefined,
    lastModelUsage: undefined,
    resultUsage: undefined,
    totalCostUsd: undefined,
    messages: new Map(),
    messageTotal: noTokens,
    partials: new Map(),
    noiseCount: 0,
    noiseReasons: new Map(),
    firstNoise: [],
    lastNoise: [],
  };
}

/** A copy that shares nothing that folding changes. */
export function copyMemory(memory: FoldMemory): FoldMemory {
  return {
    ...memory,
    uuids: copyRecent(memory.uuids),
    sessionIds: [...memory.sessionIds],
    answeringModels: [...memory.answeringModels],
    startedTasks: new Set(memory.startedTasks),
    results: [...memory.results],
    eventsAfterLastResult: [...memory.eventsAfterLastResult],
    messages: new Map(memory.messages),
    partials: new Map(memory.partials),
    noiseReasons: new Map(memory.noiseReasons),
    firstNoise: [...memory.firstNoise],
    lastNoise: [...memory.lastNoise],
  };
}
