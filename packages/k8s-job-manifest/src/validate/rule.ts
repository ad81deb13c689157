import type { Problem } from "../types.ts";

/** What a value must be, and whether it is. Values come from callers without types as well. */
export type Rule = { readonly says: string; readonly holds: (value: unknown) => boolean };

/** Collects what is wrong. */
export type Check = (path: string, value: unknown, rule: Rule, shown?: unknown) => void;

/** A check that adds to `problems`. `shown` stands for a value that nobody may see. */
export function checkInto(problems: Problem[]): Check {
  return (path, value, rule, shown = value) => {
    if (!rule.holds(value)) problems.push({ path, value: shown, rule: rule.says });
  };
}

export function text(says: string, holds: (text: string) => boolean): Rule {
  return { says, holds: (value) => typeof value === "string" && holds(value) };
}

export function oneOf(...allowed: readonly string[]): Rule {
  return text(`one of ${allowed.join(", ")}`, (value) => allowed.includes(value));
}

export function whole(least: number, most: number): Rule {
  return {
    says: `a whole number from ${least} to ${most}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** Also holds when there is no value. */
export function maybe(rule: Rule): Rule {
  return { says: rule.says, holds: (value) => value === undefined || rule.holds(value) };
}

/** A rule about the place, whatever the value. */
export function when(holds: boolean, says: string): Rule {
  return { says, holds: () => holds };
}

/** Entries of a record, or a problem when there is none. */
export function entriesOf(check: Check, path: string, record: unknown): [string, unknown][] {
  if (record === undefined) return [];
  const isRecord = typeof record === "object" && record !== null && !Array.isArray(record);
  check(path, record, when(isRecord, "a record of names and values"));
  return isRecord ? Object.entries(record) : [];
}

/** Items of a list with their paths, or a problem when there is none. */
export function itemsOf<T>(
  check: Check,
  path: string,
  list: readonly T[] | undefined,
): { readonly item: T; readonly path: string }[] {
  if (list === undefined) return [];
  check(path, list, when(Array.isArray(list), "a list"));
  if (!Array.isArray(list)) return [];
  const items: readonly T[] = list;
  return items.flatMap((item, index) => {
    const at = `${path}[${index}]`;
    const isObject = typeof item === "object" && item !== null;
    check(at, item, when(isObject || typeof item === "string", "an object or a text"));
    return isObject || typeof item === "string" ? [{ item, path: at }] : [];
  });
}
