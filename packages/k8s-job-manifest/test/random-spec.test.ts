import { assert, property } from "fast-check";
import { expect, test } from "vitest";
import { buildRun, JobManifestError, type RunSpec, validateRun } from "../src/index.ts";
import { contentOf } from "../src/program-file.ts";
import { anySpec } from "./random-spec.ts";

/** Values that must not be read by everyone, long enough not to be in a manifest by chance. */
function hidden({ program, sidecars = [], preparations = [] }: RunSpec): string[] {
  const contents = [program.stdin ?? "", ...Object.values(program.files ?? {}).map(contentOf)];
  const texts = contents.filter((content) => typeof content === "string");
  const variables = [program, ...sidecars, ...preparations].flatMap(({ secretEnv = {} }) =>
    Object.values(secretEnv),
  );
  return [...texts, ...variables]
    .filter((value) => value.length >= 8)
    .map((value) => JSON.stringify(value).slice(1, -1));
}

function withoutSecrets(spec: RunSpec): object {
  const without = { secretEnv: undefined, stdin: undefined, files: undefined };
  const sidecars = (spec.sidecars ?? []).map((sidecar) => ({ ...sidecar, ...without }));
  const preparations = (spec.preparations ?? []).map((one) => ({ ...one, ...without }));
  return { ...spec, sidecars, preparations, program: { ...spec.program, ...without } };
}

test("any spec is refused with problems that have a place and a rule, or built without leaking", () => {
  let built = 0;
  assert(
    property(anySpec("agents"), (spec) => {
      const problems = validateRun(spec);
      expect(problems.every(({ path, rule }) => path !== "" && rule !== "")).toBe(true);
      if (problems.length > 0) return refused(spec) === problems.length;
      built += 1;
      const { job, secrets } = buildRun(spec);
      const text = JSON.stringify(job);
      const open = JSON.stringify(withoutSecrets(spec));
      const leaks = hidden(spec).filter((value) => !open.includes(value) && text.includes(value));
      expect(leaks).toEqual([]);
      expect(JSON.parse(text)).toEqual(job);
      return secrets.every(({ metadata }) => metadata.namespace === "agents");
    }),
    { seed: 6, numRuns: 400 },
  );
  expect(built).toBeGreaterThan(100);
});

/** With how many problems `buildRun` refuses a spec. */
function refused(spec: RunSpec): number {
  try {
    buildRun(spec);
    return 0;
  } catch (error) {
    if (JobManifestError.isInstance(error)) return error.problems.length;
    throw error;
  }
}
