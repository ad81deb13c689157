import type { Problem } from "../types.ts";

/** Stands for a value of another kind, which has been reported. */
const misfit = Symbol("misfit");

/**
 * The kind of a value, looked at before its content: callers without types pass anything. `read` gives the
 * value back with what does not fit left out, so that everything else can still be looked at.
 */
export type Shape = {
  readonly read: (value: unknown, path: string, problems: Problem[]) => unknown;
  /** Taken where a required value does not fit. */
  readonly blank: unknown;
  readonly isOptional?: true;
};

/** A shape by itself: what it is called, and whether a value has it. */
function plain(says: string, blank: unknown, holds: (value: unknown) => boolean): Shape {
  return {
    blank,
    read(value, path, problems) {
      if (holds(value)) return value;
      problems.push({ path, value: kindOf(value), rule: says });
      return misfit;
    },
  };
}

export const text: Shape = plain("a text", "", (value) => typeof value === "string");
export const number: Shape = plain("a number", 0, (value) => typeof value === "number");
export const flag: Shape = plain("true or false", false, (value) => typeof value === "boolean");
export const callable: Shape = plain(
  "a function",
  undefined,
  (value) => typeof value === "function",
);
export const content: Shape = plain("a text or bytes", "", (value) => {
  return typeof value === "string" || isBytes(value);
});
export const textOrNumber: Shape = plain("a text or a number", "", (value) => {
  return typeof value === "string" || typeof value === "number";
});

/** Plain content, or an object that says more about it. */
export function contentOr(fields: Shape): Shape {
  return {
    blank: content.blank,
    read(value, path, problems) {
      const shape = isObject(value) && !isBytes(value) ? fields : content;
      return shape.read(value, path, problems);
    },
  };
}

export function optional(shape: Shape): Shape {
  return { ...shape, isOptional: true };
}

export function list(of: Shape): Shape {
  const itself = plain("a list", [], Array.isArray);
  return {
    blank: [],
    read(value, path, problems) {
      if (!Array.isArray(value)) return itself.read(value, path, problems);
      return Array.from(value, (item: unknown, index) => {
        const read = of.read(item, `${path}[${index}]`, problems);
        return read === misfit ? of.blank : read;
      });
    },
  };
}

/** Names of the caller's and values of one shape. */
export function record(of: Shape): Shape {
  return {
    blank: {},
    read(value, path, problems) {
      if (!isObject(value)) return noObject.read(value, path, problems);
      const read = Object.entries(value).map(([key, inner]) => {
        return [key, of.read(inner, `${path}["${key}"]`, problems)] as const;
      });
      return Object.fromEntries(read.filter(([, inner]) => inner !== misfit));
    },
  };
}

/** These fields and no others, for a misspelt one would be ignored. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  return fieldsOf(fields, false);
}

/** An object of Kubernetes: of these fields the shape is known, others are passed on. */
export function open(fields: Readonly<Record<string, Shape>>): Shape {
  return fieldsOf(fields, true);
}

function fieldsOf(fields: Readonly<Record<string, Shape>>, isOpen: boolean): Shape {
  const required = Object.entries(fields).filter(([, { isOptional }]) => isOptional !== true);
  const blank = Object.fromEntries(required.map(([key, shape]) => [key, shape.blank]));
  return {
    blank,
    read(value, path, problems) {
      if (!isObject(value)) return noObject.read(value, path, problems);
      const at = (key: string) => (path === "" ? key : `${path}.${key}`);
      const known = Object.entries(fields).flatMap(([key, shape]) => {
        const given = Object.hasOwn(value, key) ? value[key] : undefined;
        if (given === undefined && shape.isOptional === true) return [];
        const read = shape.read(given, at(key), problems);
        if (read !== misfit) return [[key, read] as const];
        return shape.isOptional === true ? [] : [[key, shape.blank] as const];
      });
      const others = Object.entries(value).filter(([key]) => !Object.hasOwn(fields, key));
      if (isOpen) return { ...Object.fromEntries(others), ...Object.fromEntries(known) };
      const names = Object.keys(fields).join(", ");
      for (const [key] of others)
        problems.push({ path: at(key), value: key, rule: `one of the fields ${names}` });
      return Object.fromEntries(known);
    },
  };
}

const noObject = plain("an object", {}, () => false);

export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]"; // Of any realm.
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as problems show it. */
export function shown(value: unknown): string | number | boolean {
  const isPlain =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? value : kindOf(value);
}

/** Says what came without showing it: it may be a secret in the wrong place. */
function kindOf(value: unknown): string {
  if (value === undefined) return "(nothing)";
  if (value === null) return "(null)";
  if (Array.isArray(value)) return value.length === 0 ? "(an empty list)" : "(a list)";
  return typeof value === "object" ? "(an object)" : `(a ${typeof value})`;
}
