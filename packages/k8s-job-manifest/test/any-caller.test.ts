import { anything, assert, constantFrom, property, sample } from "fast-check";
import { expect, test } from "vitest";
import { JobManifestError, buildRun, type RunSpec, validateRun } from "../src/index.ts";
import { anySpec } from "./random-spec.ts";

/** Every place in a value, as the keys that lead to it. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

/** The value with something else in one place. */
function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  const at = key as keyof typeof copy;
  Object.assign(copy, { [key]: replaced(copy[at], rest, other) });
  return copy;
}

const valid = sample(anySpec("agents"), { seed: 8, numRuns: 100 }).filter(
  (spec) => validateRun(spec).length === 0,
);
const wrong = constantFrom(...valid).chain((spec) =>
  constantFrom(...places(spec).filter((path) => path.length > 0)).chain((path) =>
    anything({ withNullPrototype: true, withBigInt: true }).map((other) =>
      replaced(spec, path, other),
    ),
  ),
);

test("a caller without types gets problems, whatever is in any place, and never another error", () => {
  assert(
    property(wrong, (given) => {
      const spec = given as RunSpec;
      const problems = validateRun(spec);
      if (problems.length === 0) return buildRun(spec).secrets.length > 0;
      return new JobManifestError(problems).message.length > 0;
    }),
    { seed: 9, numRuns: 1_000 },
  );
});

test.each([[undefined], [null], [{}], [[]], ["run"], [{ program: null, labels: null }]])(
  "nothing but problems comes of %o",
  (given) => {
    expect(validateRun(given as unknown as RunSpec).length).toBeGreaterThan(0);
  },
);
