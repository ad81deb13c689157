import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { appFolder } from "../../src/folders.ts";
import { suiteOptions, usage } from "../../src/e2e/options.ts";
import { suites, suitesOf } from "../../src/e2e/suites.ts";

const names = suites.map(({ name }) => name);
const chosen = (...args: string[]) => suiteOptions(args).suites.map(({ name }) => name);

const usual = suites.filter(({ isExtra }) => isExtra !== true);
const usualNames = usual.map(({ name }) => name);

test("without a name every suite runs that needs nothing but a cluster", () => {
  expect(chosen()).toEqual(usualNames);
  expect(chosen("--long")).toEqual(usualNames);
  expect(names.filter((name) => !usualNames.includes(name))).toEqual(["server"]);
});

test("named suites run, once each, in the order of the list", () => {
  expect(chosen("manifest")).toEqual(["manifest"]);
  expect(chosen("manifest", "--only", "a right", "facts", "manifest")).toEqual([
    "facts",
    "manifest",
  ]);
});

test("a name that is no suite is told, with those that are", () => {
  expect(() => chosen("manifest", "manifests")).toThrow(/no suite "manifests"[^]*facts[^]*runs/);
  expect(() => suiteOptions(["--suite", "x"])).toThrow("--suite");
});

test("--help names every suite", () => {
  for (const { name, about } of suites) expect(usage).toMatch(new RegExp(`${name} +${about}`));
});

test("the runner hands the names on to vitest's configuration", () => {
  expect(suitesOf(undefined)).toEqual(usual);
  expect(suitesOf("runs,manifest").map(({ name }) => name)).toEqual(["runs", "manifest"]);
});

test("every test for a cluster is in one suite, and no suite is empty", () => {
  const found = suites.map(({ files }) => globSync([...files], { cwd: appFolder }));
  expect(found.every((files) => files.length > 0)).toBe(true);
  const all = globSync(
    ["{conformance,e2e}/**/*.test.ts", "../../packages/k8s-job-manifest/test/cluster/*.test.ts"],
    { cwd: appFolder },
  );
  expect(found.flat().toSorted()).toEqual(all.toSorted());
});
