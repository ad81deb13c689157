import { rememberEntry } from "./bounded.ts";
import { clip } from "./detach.ts";
import type { TokenUsage } from "./content-types.ts";
import type { AssistantEvent, PartialEvent } from "./event-types.ts";
import { lookBack } from "./fold-memory.ts";
import type { FoldMemory } from "./fold-memory.ts";
import { isObject, text } from "./json.ts";
import { messageUsage, minus, noTokens, plus } from "./token-usage.ts";

/**
 * Every block of a reply repeats the usage of the reply's start: the last one per message counts, once.
 * Without an id (or with one that is no string) the event stands for itself.
 */
export function foldMessageUsage(memory: FoldMemory, event: AssistantEvent): void {
  if (event.usage === undefined) return;
  const name = event.messageId ?? event.uuid;
  const id = name === undefined ? undefined : clip(name);
  const before = id === undefined ? undefined : memory.messages.get(id);
  if (before?.final) return;
  memory.messageTotal = plus(minus(memory.messageTotal, before?.usage ?? noTokens), event.usage);
  if (id !== undefined)
    rememberEntry(memory.messages, id, { usage: event.usage, final: false }, lookBack);
}

/** With partial messages, the `message_delta` of a reply tells what it used in the end. */
export function foldPartial(memory: FoldMemory, event: PartialEvent): void {
  if (event.eventType !== "message_start" && event.eventType !== "message_delta") return;
  const body = isObject(event.raw["event"]) ? event.raw["event"] : {};
  const speaker = clip(event.parentToolUseId ?? "");
  if (event.eventType === "message_start") {
    const message = isObject(body["message"]) ? body["message"] : {};
    const id = text(message["id"]);
    if (id === undefined) memory.partials.delete(speaker);
    else
      rememberEntry(
        memory.partials,
        speaker,
        { id: clip(id), usage: messageUsage(message["usage"]) },
        64,
      );
    return;
  }
  const partial = memory.partials.get(speaker);
  if (partial === undefined || !isObject(body["usage"])) return;
  const before = memory.messages.get(partial.id)?.usage;
  const usage = withDelta(before ?? partial.usage ?? noTokens, body["usage"]);
  memory.messageTotal = plus(minus(memory.messageTotal, before ?? noTokens), usage);
  rememberEntry(memory.messages, partial.id, { usage, final: true }, lookBack);
}

/** A delta's counters are cumulative, and it may leave the input out. */
function withDelta(start: TokenUsage, delta: { readonly [key: string]: unknown }): TokenUsage {
  const end = messageUsage(delta) ?? noTokens;
  return {
    inputTokens: end.inputTokens || start.inputTokens,
    outputTokens: end.outputTokens || start.outputTokens,
    cacheReadTokens: end.cacheReadTokens || start.cacheReadTokens,
    cacheWriteTokens: end.cacheWriteTokens || start.cacheWriteTokens,
  };
}
