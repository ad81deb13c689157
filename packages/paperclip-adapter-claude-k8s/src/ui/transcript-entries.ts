import {
  type AssistantEvent,
  type ClaudeEvent,
  type ContentBlock,
  parseLine,
  renderEvent,
  type ResultEvent,
  type UserEvent,
} from "@claude-k8s/claude-stream-parse";
import type { TranscriptEntry } from "@paperclipai/adapter-utils";
import { resultTokens } from "./result-tokens.ts";
import { toolResultText } from "./tool-result-text.ts";

/** Lines of the adapter's own, which it puts among the program's. */
const ownLine = /^\[(?:paperclip|claude-k8s)\] /;

/**
 * One line of a run's output as the host's UI shows it. Keeps nothing from one call to the next: the host asks
 * for lines in any order, out of band, and keeps the answers. Never throws.
 * @param ts when the host got the line, ISO 8601
 */
export function parseStdoutLine(line: string, ts: string): TranscriptEntry[] {
  if (line.trim() === "") return [];
  if (ownLine.test(line)) return [{ kind: "system", ts, text: line.replace(ownLine, "") }];
  const event = parseLine(line);
  if (event.type === "init")
    return [{ kind: "init", ts, model: event.model ?? "", sessionId: event.sessionId ?? "" }];
  if (event.type === "assistant") return assistantEntries(event, ts);
  if (event.type === "user") return userEntries(event, ts);
  if (event.type === "result") return [resultEntry(event, ts)];
  if (event.type === "noise") return [{ kind: "stdout", ts, text: line }];
  return noticeEntries(event, ts);
}

function assistantEntries(event: AssistantEvent, ts: string): TranscriptEntry[] {
  return event.blocks.flatMap((block): TranscriptEntry[] => {
    switch (block.type) {
      case "text":
        return block.text === "" ? [] : [{ kind: "assistant", ts, text: block.text }];
      case "thinking":
        return block.text === "" ? [] : [{ kind: "thinking", ts, text: block.text }];
      case "tool_use":
        return [
          {
            kind: "tool_call",
            ts,
            name: block.name,
            input: block.input,
            ...(block.id === undefined ? {} : { toolUseId: block.id }),
          },
        ];
      case "tool_result":
        return [toolResult(block, ts)];
      case "other":
        return [];
      default:
        return block satisfies never;
    }
  });
}

function userEntries(event: UserEvent, ts: string): TranscriptEntry[] {
  return event.blocks.flatMap((block): TranscriptEntry[] => {
    if (block.type === "tool_result") return [toolResult(block, ts)];
    // What the CLI writes in the user's name is no word of a person.
    const isPersons = block.type === "text" && block.text !== "" && !event.synthetic;
    return isPersons ? [{ kind: "user", ts, text: block.text }] : [];
  });
}

function toolResult(
  { toolUseId = "", isError, content }: Extract<ContentBlock, { type: "tool_result" }>,
  ts: string,
): TranscriptEntry {
  return { kind: "tool_result", ts, toolUseId, content: toolResultText(content), isError };
}

function resultEntry(event: ResultEvent, ts: string): TranscriptEntry {
  return {
    kind: "result",
    ts,
    text: event.text ?? "",
    ...resultTokens(event.raw),
    costUsd: event.totalCostUsd ?? 0,
    subtype: event.subtype,
    isError: event.isError,
    errors: [...event.errors],
  };
}

/** What a reader of a terminal would be shown, as lines of the system; of parts of a message nothing. */
function noticeEntries(event: ClaudeEvent, ts: string): TranscriptEntry[] {
  return renderEvent(event, { width: 1_000 }).map((text) => ({
    kind: "system",
    ts,
    text: text.trim(),
  }));
}
