import { describe, expect, test } from "vitest";
import { bundleKey } from "../../src/bundle/bundle-file.ts";
import { type Carrier, fit, secrets } from "../../src/bundle/carrier.ts";
import { bundleFile } from "../support/bundle.ts";

const small: Carrier = { name: "it holds", bytes: 10, fileBytes: 6, files: 3, refuses: /:/ };
const part = (what: string, ...files: [name: string, size: number][]) => ({
  what,
  files: files.map(([name, size]) => bundleFile(name, "x".repeat(size))),
});

describe("what fits", () => {
  test.each<[why: string, parts: ReturnType<typeof part>[], taken: string[], warning: RegExp]>([
    ["all", [part("a", ["1", 6]), part("b", ["2", 4])], ["1", "2"], /^$/],
    [
      "bytes run out, and a later part still fits",
      [part("a", ["1", 6]), part("b", ["2", 5]), part("c", ["3", 4])],
      ["1", "3"],
      /^b was left out: it has 5 bytes, and it holds at most 10, of which 4 are free$/,
    ],
    [
      "a part goes whole or not at all",
      [part("a", ["1", 6], ["2", 5])],
      [],
      /^a was left out: it has 11 bytes/,
    ],
    [
      "one file is too large",
      [part("a", ["1", 7])],
      [],
      /^a was left out: 1 has 7 bytes, and it holds at most 6 of one file$/,
    ],
    [
      "files run out",
      [part("a", ["1", 1], ["2", 1]), part("b", ["3", 1], ["4", 1])],
      ["1", "2"],
      /^b was left out: it has 2 files, and it holds at most 3, of which 1 are free$/,
    ],
    ["a name that no mount has", [part("a", ["x:y", 1])], [], /no file with the name x:y$/],
  ])("%s", (_why, parts, taken, warning) => {
    const fitted = fit(parts, small);
    expect(fitted.files.map(({ path }) => path)).toEqual(taken);
    expect(fitted.warnings.join("\n")).toMatch(warning);
  });

  test("in Secrets: what the manifest takes of one file, and less than it takes in all", () => {
    expect(secrets.fileBytes).toBe(1_000_000);
    expect(secrets.bytes).toBeLessThan(16 * 2 ** 20);
  });
});

test("the key is that of the content: no order, but each path, byte and mode", () => {
  const [one, other] = [bundleFile("a"), bundleFile("b")];
  const key = bundleKey([one, other]);
  expect(bundleKey([other, one])).toBe(key);
  const changed = [
    [one],
    [one, bundleFile("c", "b")],
    [one, bundleFile("b", "B")],
    [one, bundleFile("b", "b", true)],
    // The same bytes, divided otherwise.
    [bundleFile("a", ""), bundleFile("b", "ab")],
  ];
  expect(new Set([key, ...changed.map(bundleKey)]).size).toBe(changed.length + 1);
});
