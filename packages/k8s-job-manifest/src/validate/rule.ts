import type { Problem } from "../types.ts";
import { shown } from "./shape.ts";

/** What a value must be, and whether it is. Values come from callers without types as well. */
export type Rule = { readonly says: string; readonly holds: (value: unknown) => boolean };

/** Collects what is wrong. */
export type Check = (path: string, value: unknown, rule: Rule, instead?: string) => void;

/** A check that adds to `problems`. `instead` stands for a value that nobody may see. */
export function checkInto(problems: Problem[]): Check {
  return (path, value, rule, instead) => {
    if (!rule.holds(value))
      problems.push({ path, value: instead ?? shown(value), rule: rule.says });
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

/** Entries of a record that may be absent. */
export function entriesOf<T>(record: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(record ?? {});
}

/** Items of a list that may be absent, with their paths. */
export function itemsOf<T>(
  path: string,
  list: readonly T[] | undefined,
): { readonly item: T; readonly path: string }[] {
  return (list ?? []).map((item, index) => ({ item, path: `${path}[${index}]` }));
}
