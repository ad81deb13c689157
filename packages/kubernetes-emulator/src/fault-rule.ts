import { EmulatorError } from "./errors.ts";
import type { FaultRule } from "./fault-types.ts";

type Check = (value: unknown) => boolean;
type Field = readonly [expected: string, check: Check];

const text: Field = ["a text", (value) => typeof value === "string"];
const flag: Field = ["true or false", (value) => typeof value === "boolean"];
const whole = (least: number): Field => [
  `a whole number of at least ${least}`,
  (value) => Number.isInteger(value) && Number(value) >= least,
];
const ms: Field = [
  "a number of milliseconds of at least 0",
  (value) => Number.isFinite(value) && Number(value) >= 0,
];
const oneOf = (...words: readonly string[]): Field => [
  `one of ${words.join(", ")}`,
  (value) => words.includes(String(value)),
];
const parameters: Field = [
  "texts by parameter",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string"),
];

const place = { afterBytes: whole(0), at: oneOf("byte", "character", "line") };
const cuts = ["clean", "close", "reset"];

/** The fields of each kind; `!` marks one that must be there. */
const faults: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  status: {
    "status!": ["an HTTP status from 200 to 599", (value) => between(value, 200, 599)],
    retryAfterSeconds: whole(0),
    body: text,
    contentType: text,
  },
  refuse: {},
  "lose-reply": {},
  delay: { "ms!": ms, of: oneOf("request", "answer") },
  cut: { "how!": oneOf(...cuts), ...place },
  stall: { forMs: ms, next: oneOf("continue", ...cuts), ...place },
  garbage: { "bytes!": text, next: oneOf("continue", "end"), protocol: flag, ...place },
  duplicate: { "what!": oneOf("request", "event"), afterBytes: whole(0) },
};

const pattern: Readonly<Record<string, Field>> = {
  verb: text,
  resource: text,
  subresource: text,
  namespace: text,
  name: text,
  userAgent: text,
  query: parameters,
  nth: whole(1),
};

const rule: Readonly<Record<string, Field>> = {
  "on!": ["a pattern", isObject],
  "do!": ["a fault", isObject],
  times: whole(1),
  probability: ["a number from 0 to 1", (value) => between(value, 0, 1)],
  seed: ["a whole number", Number.isInteger],
};

/** Throws `EMULATOR_OPTION_INVALID`, naming the field, what was expected and what came. */
export function checkRule(given: FaultRule): void {
  if (!isObject(given)) throw wrong("rule", "an object", given);
  checkFields("rule", { ...given }, rule);
  checkFields("on", { ...given.on }, pattern);
  const { kind, ...rest } = given.do;
  const fields = Object.hasOwn(faults, kind) ? faults[kind] : undefined;
  if (fields === undefined)
    throw wrong("do.kind", `one of ${Object.keys(faults).join(", ")}`, kind);
  checkFields("do", rest, fields);
}

function checkFields(
  where: string,
  given: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Field>>,
): void {
  const known = new Map<string, Field>();
  for (const [key, field] of Object.entries(fields)) {
    const name = key.replace("!", "");
    known.set(name, field);
    if (key.endsWith("!") && given[name] === undefined)
      throw wrong(`${where}.${name}`, field[0], undefined);
  }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const field = known.get(name);
    if (field === undefined)
      throw wrong(where, `fields among ${[...known.keys()].join(", ")}`, name);
    if (!field[1](value)) throw wrong(`${where}.${name}`, field[0], value);
  }
}

function between(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(name: string, expected: string, came: unknown): EmulatorError {
  const shown = typeof came === "string" ? `"${came}"` : (JSON.stringify(came) ?? String(came));
  return new EmulatorError(
    "EMULATOR_OPTION_INVALID",
    `fault rule, ${name}: expected ${expected}, got ${shown}`,
  );
}
