import type { ContentBlock } from "./content-types.ts";
import type { AssistantEvent, UserEvent } from "./event-types.ts";
import { isObject, list, text } from "./json.ts";
import type { Paint } from "./paint.ts";
import { oneLine } from "./words.ts";
import { wrap } from "./wrap.ts";

/** A long answer is shown up to here; the transcript has it whole. */
const textLines = 2000;
const thinkingLines = 20;

export function renderAssistant(event: AssistantEvent, paint: Paint): string[] {
  const indent = event.parentToolUseId === undefined ? "" : "  │ ";
  return event.blocks.flatMap((block) => renderBlock(block, event, paint, indent));
}

function renderBlock(
  block: ContentBlock,
  event: AssistantEvent,
  paint: Paint,
  indent: string,
): string[] {
  const width = paint.width - indent.length - 2;
  switch (block.type) {
    case "text": {
      const style = event.error === undefined ? paint.plain : paint.bad;
      return wrap(block.text, width, textLines).map((line) => style(`${indent}${line}`));
    }
    case "thinking":
      return wrap(block.text, width, thinkingLines).map((line) => paint.dim(`${indent}${line}`));
    case "tool_use":
      return [paint.tool(`${indent}→ ${block.name} ${shortArgument(block.input)}`.trimEnd())];
    case "tool_result":
    case "other":
      break;
  }
  return [];
}

/** The argument that tells a reader most, by the names the usual tools have for it. */
const telling = [
  "command",
  "file_path",
  "path",
  "pattern",
  "url",
  "query",
  "description",
  "prompt",
  "skill",
];

function shortArgument(input: unknown): string {
  if (!isObject(input)) return "";
  for (const name of telling) {
    const value = Object.hasOwn(input, name) ? text(input[name]) : undefined;
    if (value) return oneLine(value, 120);
  }
  const names = Object.keys(input).slice(0, 6);
  return names.length === 0 ? "" : oneLine(`{ ${names.join(", ")} }`, 120);
}

/** Results of tools: size and head. Prompts that the CLI wrote itself are not shown. */
export function renderToolResults(event: UserEvent, paint: Paint): string[] {
  const indent = event.parentToolUseId === undefined ? "  " : "  │ ";
  const lines: string[] = [];
  for (const block of event.blocks) {
    if (block.type !== "tool_result") continue;
    const line = `${indent}← ${resultHead(block.content)}`;
    lines.push(block.isError ? paint.bad(line) : paint.dim(line));
  }
  return lines;
}

function resultHead(content: unknown): string {
  if (typeof content === "string") return `${size(content.length)} ${oneLine(content, 160)}`;
  let length = 0;
  let images = 0;
  let head = "";
  for (const item of list(content)) {
    if (!isObject(item)) continue;
    const said = text(item["text"]);
    length += said?.length ?? 0;
    if (head === "" && said) head = oneLine(said, 160);
    if (item["type"] === "image") images++;
  }
  const pictures = images === 0 ? "" : ` ${images} image${images === 1 ? "" : "s"}`;
  return `${size(length)}${pictures} ${head}`.trimEnd();
}

function size(length: number): string {
  return length < 1000 ? `${length} chars` : `${(length / 1000).toFixed(1)}k chars`;
}
