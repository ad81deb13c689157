import type { ClaudeEvent } from "./event-types.ts";
import { isObject } from "./json.ts";
import { noise } from "./noise.ts";
import { salvage } from "./salvage.ts";
import { toEvent } from "./to-event.ts";

/** Appends what one line means: mostly one event; several where things were glued together. */
export function readLine(line: string, into: ClaudeEvent[]): void {
  if (!mayBeJson(line.charCodeAt(0))) {
    readBroken(line, into); // A thrown SyntaxError costs more than an event.
    return;
  }
  if (line.length > longLine && !/^\s*\{/.test(line)) {
    readLongNoise(line, into);
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    readBroken(line, into); // Not an error: anything may stand on stdout.
    return;
  }
  if (!isObject(value)) into.push(noise("not_object", line, value));
  else if (typeof value["type"] === "string") into.push(toEvent(value, value["type"]));
  else into.push(noise("no_type", line, value));
}

/** Whether JSON can begin so: a brace, a bracket, a quote, white space, a number, `true`, `false`, `null`. */
function mayBeJson(first: number): boolean {
  if (first === brace || first <= space || first === 0x5b || first === 0x22) return true;
  return (
    first === 0x2d ||
    (first >= 0x30 && first <= 0x39) ||
    first === 0x74 ||
    first === 0x66 ||
    first === 0x6e
  );
}

/** From here on, what cannot be an event is not parsed: sixteen million brackets take a parser seconds. */
const longLine = 1_000_000;

function readLongNoise(line: string, into: ClaudeEvent[]): void {
  const bare = line.trim();
  if (bare.startsWith("[") && bare.endsWith("]")) into.push(noise("not_object", line));
  else readBroken(line, into);
}

/** The last line, when no LF ended it: whole it counts; a beginning alone says that the writer was killed. */
export function readTail(line: string, into: ClaudeEvent[]): void {
  const at = into.length;
  readLine(line, into);
  const first = into[at];
  if (into.length !== at + 1 || first?.type !== "noise" || first.reason !== "not_json") return;
  if (/^\s*\{/.test(line)) into[at] = { ...first, reason: "cut_off" };
}

function readBroken(line: string, into: ClaudeEvent[]): void {
  const bare = line.trim(); // Takes a byte order mark along, which JSON.parse refuses.
  if (bare === "") {
    into.push(noise("blank", line));
    return;
  }
  if (bare.charCodeAt(0) === brace && line.charCodeAt(0) === byteOrderMark) {
    readLine(bare, into);
    return;
  }
  const events = salvage(bare);
  if (events.length === 0) into.push(noise("not_json", line));
  for (const event of events) into.push(event); // Not spread: a call takes some 100,000 arguments.
}

const brace = 0x7b;
const space = 0x20;
const byteOrderMark = 0xfeff;
