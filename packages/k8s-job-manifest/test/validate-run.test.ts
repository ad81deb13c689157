import { describe, expect, test } from "vitest";
import { buildRun, type RunSpec, validateRun } from "../src/index.ts";
import { spec } from "./spec.ts";
import { type Loose, rows } from "./wrong-specs.ts";

function problemsOf(changes: Loose): string[] {
  return validateRun(spec(changes as Partial<RunSpec>)).map(({ path, rule }) => `${path}: ${rule}`);
}

describe("validateRun names the place and the rule of", () => {
  test.each(rows)("%s", (_what, changes, path, rule) => {
    const problems = problemsOf(changes);
    expect(problems).toContainEqual(expect.stringMatching(rule));
    expect(problems.map((problem) => problem.slice(0, path.length))).toContain(path);
  });
});

test("everything that is wrong is named at once, in the order of the fields", () => {
  const problems = validateRun(
    spec({
      name: "",
      labels: { "-": "" },
      identity: { uid: 0 },
      program: { image: "", env: { "": "" } },
    }),
  );
  expect(problems.map(({ path }) => path)).toEqual([
    "name",
    'labels["-"]',
    "program.image",
    'program.env[""]',
    "identity.uid",
  ]);
});

test("a field of another kind does not hide what else is wrong", () => {
  const given = { ...spec({ name: "NO" }), labels: 7, program: { image: 1, argv: ["a\0"] } };
  expect(validateRun(given as unknown as RunSpec)).toEqual([
    { path: "labels", value: "(a number)", rule: "an object" },
    { path: "program.image", value: "(a number)", rule: "a text" },
    { path: "name", value: "NO", rule: expect.stringContaining("DNS label") },
    { path: "program.argv[0]", value: "a\0", rule: expect.stringContaining("NUL") },
  ]);
});

test("no value of a secret is shown", () => {
  const value = "s3cret\0";
  const problems = validateRun(
    spec({
      program: {
        stdin: `${value}\ud800`,
        secretEnv: { A: value },
        files: { "/f": `${value}\udc00` },
      },
    }),
  );
  expect(problems).toHaveLength(3);
  expect(JSON.stringify(problems)).not.toContain("s3cret");
});

test.each<[what: string, changes: Partial<RunSpec>, path: string]>([
  // Characters are not bytes: these are a third as many.
  [
    "a Job beyond what etcd takes",
    spec({ program: { argv: ["claude", ...Array<string>(11).fill("€".repeat(43_000))] } }),
    "(the whole Job)",
  ],
  [
    "annotations beyond what a Job may have",
    spec({ annotations: { "example.com/note": "€".repeat(90_000) } }),
    "annotations of the Job",
  ],
])("%s is measured in bytes", (_what, given, path) => {
  const problems = validateRun(given as RunSpec);
  expect(problems[0]).toMatchObject({ path, rule: expect.stringMatching(/^at most \d+ bytes/) });
});

describe("right, though it may look wrong, are", () => {
  test.each<[what: string, changes: Partial<RunSpec>]>([
    ["a digest", spec({ program: { image: `ghcr.io/a/b@sha256:${"0".repeat(64)}` } })],
    ["a registry with a port", spec({ program: { image: "localhost:5000/a:b" } })],
    ["an empty argument", spec({ program: { argv: ["a", ""] } })],
    ["an empty variable", spec({ program: { env: { A: "" }, secretEnv: { B: "" } } })],
    ["a variable with a dot", spec({ program: { env: { "a.b-c": "" } } })],
    ["an amount that shall not be set", spec({ program: { resources: { limits: { cpu: "" } } } })],
    [
      "equal amounts that look different",
      spec({ program: { resources: { requests: { cpu: "0.5" }, limits: { cpu: "500m" } } } }),
    ],
    ["a toleration of everything", spec({ placement: { tolerations: [{ operator: "Exists" }] } })],
    [
      "two sidecars with a mount of the same path",
      spec({
        volumes: [{ name: "v", source: { emptyDir: {} }, mounts: [{ path: "/v" }] }],
        sidecars: ["a", "b"].map((name) => ({
          name,
          image: "x",
          mounts: [{ volume: "v", path: "/v" }],
        })),
      }),
    ],
    ["a grace of 0 seconds", spec({ life: { terminationGracePeriodSeconds: 0 } })],
  ])("%s", (_what, given) => {
    expect(validateRun(given as RunSpec)).toEqual([]);
    expect(() => buildRun(given as RunSpec)).not.toThrow();
  });
});
