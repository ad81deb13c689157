import { balancedEnd } from "./balanced.ts";
import type { ClaudeEvent } from "./event-types.ts";
import { isObject, text } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { noise } from "./noise.ts";
import { toEvent } from "./to-event.ts";

/** A line full of `{"` must not cost its length squared: so many false beginnings, and so many looks at each character. */
const failuresPerLine = 32;
const looksPerCharacter = 2;
const looksAtLeast = 100_000;

/**
 * Events inside a line that is no JSON as a whole: what a tool writes to the inherited stdout without an LF
 * glues itself to the next event. Empty when there is none.
 *
 * An object whose beginning stands inside another one that never closes (a cut event) may be a tool's input,
 * so it must end the line and carry a session to be believed.
 */
export function salvage(line: string): ClaudeEvent[] {
  const found: ClaudeEvent[] = [];
  let kept = 0;
  let insideBroken = false;
  let start = line.indexOf('{"');
  let looked = 0;
  for (let failures = 0; start !== -1 && failures < failuresPerLine;) {
    const end = balancedEnd(line, start);
    looked += (end === -1 ? line.length : end) - start;
    const object = end === -1 ? undefined : parseObject(line.slice(start, end));
    const type = object && text(object["type"]);
    if (object && type && (!insideBroken || (end === line.length && text(object["session_id"])))) {
      if (start > kept) found.push(noise("not_json", line.slice(kept, start)));
      found.push(toEvent(object, type));
      kept = end;
      insideBroken = false;
    }
    if (!object) {
      insideBroken = true;
      failures++;
    }
    if (looked > Math.max(looksAtLeast, line.length * looksPerCharacter)) break;
    start = line.indexOf('{"', object ? end : start + 1);
  }
  if (kept > 0 && kept < line.length) found.push(noise("not_json", line.slice(kept)));
  return found;
}

function parseObject(source: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(source);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: the caller goes on to the next beginning, and reports the rest as noise.
  }
}
