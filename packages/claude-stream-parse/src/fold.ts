import { appendNew, remember } from "./bounded.ts";
import { clip } from "./detach.ts";
import type {
  ClaudeEvent,
  InitEvent,
  ModelChangeEvent,
  TaskEvent,
  UserEvent,
} from "./event-types.ts";
import { foldAssistant, retractText } from "./fold-assistant.ts";
import { foldNoise } from "./fold-noise.ts";
import { foldResult } from "./fold-result.ts";
import { foldPartial } from "./fold-usage.ts";
import { lookBack } from "./fold-memory.ts";
import { noteRecent } from "./recent.ts";
import type { FoldMemory } from "./fold-memory.ts";

/** Takes one event into the memory, in place. The one place where events become knowledge. */
export function fold(memory: FoldMemory, event: ClaudeEvent): void {
  if (event.type === "noise") {
    foldNoise(memory, event);
    return;
  }
  if (event.type === "stream_event") {
    foldPartial(memory, event);
    foldIdentity(memory, event);
    return;
  }
  if (isRepeated(memory, event.uuid)) return;
  foldIdentity(memory, event);
  foldMeaning(memory, event);
}

/** Seen among the newest uuids. What is longer than any uuid is not remembered. */
function isRepeated(memory: FoldMemory, uuid: string | undefined): boolean {
  if (uuid === undefined || uuid.length > 200) return false;
  return !noteRecent(memory.uuids, uuid, lookBack);
}

function foldMeaning(
  memory: FoldMemory,
  event: Exclude<ClaudeEvent, { type: "noise" | "stream_event" }>,
): void {
  switch (event.type) {
    case "init":
      return foldInit(memory, event);
    case "assistant":
      return foldAssistant(memory, event);
    case "user":
      return foldUser(memory, event);
    case "result":
      return foldResult(memory, event);
    case "rate_limit":
      memory.rateLimit = { status: event.status, resetsAt: event.resetsAt, limit: event.limit };
      return;
    case "api_retry":
      memory.lastRetry = { status: event.status, error: event.error };
      return;
    case "notice":
      if (event.preventsContinuation) memory.blockedBy = event.text;
      return;
    case "background_tasks":
      memory.backgroundSet = event.taskIds.slice(0, keptTasks).map((id) => clip(id));
      return;
    case "task":
      return foldTask(memory, event);
    case "model_change":
      return foldModelChange(memory, event);
    case "hook":
    case "compact_boundary":
    case "permission_denied":
    case "session_state":
    case "tool_progress":
    case "status":
    case "conversation_reset":
    case "control":
    case "other":
      return;
  }
}

const keptTasks = 256;
const keptNames = 64;

function foldIdentity(memory: FoldMemory, event: Exclude<ClaudeEvent, { type: "noise" }>): void {
  memory.events++;
  const { sessionId } = event;
  if (sessionId !== undefined) {
    memory.sessionId ??= sessionId;
    appendNew(memory.sessionIds, clip(sessionId), keptNames);
  }
  if (
    memory.resultCount > 0 &&
    event.type !== "result" &&
    memory.eventsAfterLastResult.length < keptNames
  ) {
    memory.eventsAfterLastResult.push(clip(wireName(event)));
  }
}

/** `type`, or `type/subtype`, as the CLI wrote it. */
function wireName(event: Exclude<ClaudeEvent, { type: "noise" }>): string {
  const { type, subtype } = event.raw;
  return typeof subtype === "string" ? `${String(type)}/${subtype}` : String(type);
}

function foldInit(memory: FoldMemory, event: InitEvent): void {
  memory.inits++;
  // What the CLI said of the turn before is no word on this one.
  memory.lastSynthetic = undefined;
  memory.blockedBy = undefined;
  memory.localCommand = false;
  memory.lastTurnReplied = false;
  memory.model ??= event.model;
  memory.cliVersion ??= event.cliVersion;
  // The CLI offers this tool only when a schema was asked for.
  memory.schemaRequested ||= event.tools.includes("StructuredOutput");
}

function foldUser(memory: FoldMemory, event: UserEvent): void {
  const [first] = event.blocks;
  if (first?.type === "text" && first.text.startsWith("<local-command-stdout>"))
    memory.localCommand = true;
}

function foldTask(memory: FoldMemory, event: TaskEvent): void {
  if (event.taskId === undefined) return;
  if (event.phase === "started") {
    if (event.raw["is_backgrounded"] === true)
      remember(memory.startedTasks, clip(event.taskId), keptTasks);
  } else if (event.phase === "notification" || endedTask.has(event.status ?? "")) {
    memory.startedTasks.delete(clip(event.taskId));
  }
}

const endedTask: ReadonlySet<string> = new Set([
  "completed",
  "failed",
  "killed",
  "stopped",
  "cancelled",
]);

function foldModelChange(memory: FoldMemory, event: ModelChangeEvent): void {
  for (const uuid of event.retractedUuids) retractText(memory, uuid);
}
