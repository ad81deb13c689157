import { appendNew } from "./bounded.ts";
import { clip } from "./detach.ts";
import type { AssistantEvent } from "./event-types.ts";
import type { FoldMemory } from "./fold-memory.ts";
import { foldMessageUsage } from "./fold-usage.ts";
import { strings } from "./json.ts";

/** What an assistant event tells. Only the main loop decides; subagents count for usage and tool calls. */
export function foldAssistant(memory: FoldMemory, event: AssistantEvent): void {
  for (const block of event.blocks) if (block.type === "tool_use") memory.toolCalls++;
  if (event.synthetic) {
    if (event.parentToolUseId === undefined) foldSynthetic(memory, event);
    return;
  }
  foldMessageUsage(memory, event);
  if (event.parentToolUseId !== undefined) return;
  foldReply(memory, event);
}

function foldSynthetic(memory: FoldMemory, event: AssistantEvent): void {
  memory.lastSynthetic = {
    text: lastText(event),
    error: event.error,
    stopReason: event.stopReason,
  };
}

function foldReply(memory: FoldMemory, event: AssistantEvent): void {
  if (event.model !== undefined) appendNew(memory.answeringModels, clip(event.model), 64);
  for (const uuid of strings(event.raw["supersedes"])) retractText(memory, uuid);
  memory.lastSynthetic = undefined;
  memory.lastRetry = undefined;
  memory.turnOpen = true;
  memory.lastTurnReplied = true;
  memory.lastStopReason = event.stopReason;
  memory.lastOutputTokens = event.usage?.outputTokens;
  if (saysNothing(event)) memory.emptyReply = true;
  else memory.answered = true;
  const text = lastText(event);
  if (text === undefined) return;
  memory.textBefore = memory.lastText;
  memory.lastText = text;
  memory.lastTextUuid = event.uuid;
}

/** The provider broke the reply off: it was begun, and neither ended nor holds output. */
function saysNothing(event: AssistantEvent): boolean {
  return event.stopReason === undefined && event.usage?.outputTokens === 0;
}

function lastText(event: AssistantEvent): string | undefined {
  for (let at = event.blocks.length - 1; at >= 0; at--) {
    const block = event.blocks[at];
    if (block?.type === "text") return block.text;
  }
  return undefined;
}

/** A message that the CLI took back is no answer. */
export function retractText(memory: FoldMemory, uuid: string): void {
  if (memory.lastTextUuid !== uuid) return;
  memory.lastText = memory.textBefore;
  memory.lastTextUuid = undefined;
  memory.textBefore = undefined;
}
