import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { corpusFolder } from "../test/support/corpus.ts";

type Random = () => number;

/** A hostile stream: valid events and their broken relatives, then damage to the bytes. */
export function makeCase(random: Random): Uint8Array {
  const lines: string[] = [];
  const count = Math.floor(random() * 12);
  for (let i = 0; i < count; i++) lines.push(line(random));
  const ends = random() < 0.5 ? "\n" : "";
  return damage(new TextEncoder().encode(lines.join("\n") + ends), random);
}

function line(random: Random): string {
  return pick(random, [
    seedLine,
    objectLine,
    objectLine,
    noiseLine,
    gluedLine,
    deepLine,
    bracesLine,
  ])(random);
}

const seedFolder = new URL("../test/fixtures/", import.meta.url);
const seeds = [seedFolder, corpusFolder]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => globSync(`${fileURLToPath(folder)}/*.jsonl`))
  .toSorted()
  .flatMap((file) => readFileSync(file, "utf8").split("\n"))
  .filter((text) => text.length > 0 && text.length < 20_000);

function seedLine(random: Random): string {
  return pick(random, seeds);
}

function gluedLine(random: Random): string {
  return noiseLine(random) + seedLine(random) + (random() < 0.5 ? seedLine(random) : "");
}

function deepLine(random: Random): string {
  const depth = Math.floor(random() * 20_000);
  const open = random() < 0.5 ? "[" : '{"a":';
  const closed = open === "[" ? "]" : "}";
  const inner = `${open.repeat(depth)}1${random() < 0.7 ? closed.repeat(depth) : ""}`;
  return `{"type":"assistant","message":{"content":[{"type":"tool_use","input":${inner}}]}}`;
}

function bracesLine(random: Random): string {
  return pick(random, ['{"', "{", '"}', "}", '{"type":"t"}', '{"type":"', "[{", '\\"']).repeat(
    Math.floor(random() * 30_000),
  );
}

function noiseLine(random: Random): string {
  const length = Math.floor(random() * 200);
  const code = (): number => Math.floor(random() * (random() < 0.8 ? 128 : 65_536));
  return String.fromCharCode(...Array.from({ length }, code)).replaceAll("\n", " ");
}

const types = [
  "system",
  "assistant",
  "user",
  "result",
  "stream_event",
  "rate_limit_event",
  "tool_progress",
  "control_request",
  "__proto__",
  "constructor",
  "",
];
const keys = [
  "type",
  "subtype",
  "message",
  "content",
  "usage",
  "result",
  "errors",
  "modelUsage",
  "model_usage_since_last_result",
  "uuid",
  "session_id",
  "parent_tool_use_id",
  "event",
  "tasks",
  "patch",
  "__proto__",
  "constructor",
  "polluted",
  "is_error",
  "num_turns",
  "stop_reason",
  "tools",
  "total_cost_usd",
  "delta",
];

function objectLine(random: Random): string {
  const fields = Array.from({ length: Math.floor(random() * 10) }, () => field(random, 3));
  const type = `"type":${JSON.stringify(pick(random, types))}`;
  return `{${[...fields, type].toSorted(() => random() - 0.5).join(",")}}`;
}

function field(random: Random, depth: number): string {
  return `${JSON.stringify(pick(random, keys))}:${value(random, depth)}`;
}

function value(random: Random, depth: number): string {
  const size = Math.floor(random() * 4);
  const kind = random();
  if (depth > 0 && kind < 0.3)
    return `{${Array.from({ length: size }, () => field(random, depth - 1)).join(",")}}`;
  if (depth > 0 && kind < 0.5)
    return `[${Array.from({ length: size }, () => value(random, depth - 1)).join(",")}]`;
  return pick(random, [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e400",
    "9007199254740993",
    '""',
    '"text"',
    '"\\ud83d"',
    '"init"',
    '"success"',
    '"\\u001b[2J"',
    '"<synthetic>"',
    '"assistant"',
    '"message_delta"',
    '"{\\"type\\":\\"result\\"}"',
  ]);
}

/** Cuts, flips, doubles and inserts bytes; half of the cases stay as they are. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  if (random() < 0.5 || bytes.length === 0) return bytes;
  const damaged = bytes.slice(
    0,
    random() < 0.5 ? bytes.length : Math.ceil(random() * bytes.length),
  );
  const count = Math.floor(random() * 10);
  for (let i = 0; i < count; i++)
    damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
  return damaged;
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
