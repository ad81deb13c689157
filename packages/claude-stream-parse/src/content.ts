import type { ContentBlock } from "./content-types.ts";
import { isObject, list, text } from "./json.ts";
import type { JsonObject } from "./json.ts";

/** The blocks of a message. Plain string content is one text block; what is no object is left out. */
export function contentBlocks(content: unknown): ContentBlock[] {
  if (typeof content === "string") {
    return [{ type: "text", text: content, raw: { type: "text", text: content } }];
  }
  const blocks: ContentBlock[] = [];
  for (const item of list(content)) if (isObject(item)) blocks.push(block(item));
  return blocks;
}

function block(raw: JsonObject): ContentBlock {
  const type = raw["type"];
  switch (type) {
    case "text":
      return { type, text: text(raw["text"]) ?? "", raw };
    case "thinking":
      return { type, text: text(raw["thinking"]) ?? "", raw };
    case "tool_use":
      return {
        type,
        id: text(raw["id"]),
        name: text(raw["name"]) ?? "unnamed",
        input: raw["input"],
        raw,
      };
    case "tool_result":
      return {
        type,
        toolUseId: text(raw["tool_use_id"]),
        isError: raw["is_error"] === true,
        content: raw["content"],
        raw,
      };
    default:
      return { type: "other", blockType: text(type) ?? "unknown", raw };
  }
}
