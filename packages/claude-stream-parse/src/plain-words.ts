import { isObject, text } from "./json.ts";
import { oneLine } from "./words.ts";

/** What the CLI said, for a person: JSON in it is replaced by the message it holds. */
export function plainWords(said: string, limit = 300): string {
  const at = said.indexOf("{");
  if (at === -1) return oneLine(said, limit);
  const message = messageIn(said.slice(at));
  const before = said.slice(0, at).trim();
  if (message === undefined) return withoutJson(said, limit);
  return oneLine(`${before} ${message}`, limit);
}

/** Broken or several JSON texts: what stands before them. */
function withoutJson(said: string, limit: number): string {
  const json = /[{[]\s*[{["]/.exec(said);
  if (!json) return oneLine(said, limit);
  const before = oneLine(said.slice(0, json.index), limit - 2);
  return before === "" ? "" : `${before} …`;
}

/** The message of an API error object; `""` for other JSON, `undefined` for what is none. */
function messageIn(source: string): string | undefined {
  const value = apiErrorIn(source);
  return value && (value.message ?? value.type ?? "");
}

/** The error in text of the form `API Error: 429 {json}`. */
export function apiErrorIn(
  source: string,
): { readonly type: string | undefined; readonly message: string | undefined } | undefined {
  const start = source.indexOf("{");
  const end = source.lastIndexOf("}");
  if (start === -1 || end < start) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(source.slice(start, end + 1));
  } catch {
    return undefined; // Braces in plain words.
  }
  if (!isObject(value)) return undefined;
  const error = isObject(value["error"]) ? value["error"] : value;
  return { type: text(error["type"]), message: text(error["message"]) };
}
