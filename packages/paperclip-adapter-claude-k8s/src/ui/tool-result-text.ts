/** What a tool answered, as text: text blocks as they are, others by their type, anything else as JSON. */
export function toolResultText(content: unknown): string {
  if (typeof content === "string") return content;
  if (content === undefined || content === null) return "";
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content.map((block: unknown) => blockText(block)).join("\n");
}

function blockText(block: unknown): string {
  if (typeof block === "string") return block;
  if (typeof block !== "object" || block === null) return JSON.stringify(block) ?? "";
  const text: unknown = Reflect.get(block, "text");
  if (typeof text === "string") return text;
  const type: unknown = Reflect.get(block, "type");
  // Base64 of an image helps no reader.
  return typeof type === "string" ? `[${type}]` : JSON.stringify(block);
}
