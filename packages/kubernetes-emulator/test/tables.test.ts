import { describe, expect, test } from "vitest";

import { expandVariables } from "../src/container-env.ts";
import type { KubeObject } from "../src/kube-object.ts";
import { quantity } from "../src/quantity.ts";
import { fieldSelector, labelSelector } from "../src/selectors.ts";
import { plainCommand } from "../src/shell-command.ts";
import { mergeStrategically } from "../src/strategic-merge.ts";
import { look } from "./support.ts";

const object: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "p",
    uid: "u",
    resourceVersion: "1",
    creationTimestamp: "",
    labels: { a: "b", c: "" },
  },
  status: { phase: "Running" },
};

describe("label selectors", () => {
  test.each([
    ["", true],
    ["a=b", true],
    ["a==b,c=", true],
    ["a=x", false],
    ["a!=b", false],
    ["z!=b", true],
    ["a", true],
    ["!a", false],
    ["!z", true],
    ["a in (x, b)", true],
    ["a in (x,y),c", false],
    ["a notin (x)", true],
    ["z notin (b)", true],
  ])("%s → %s", (selector, matches) => {
    expect(labelSelector(selector)(object)).toBe(matches);
  });

  test("what cannot be read is a 400", () => {
    expect(() => labelSelector("a in b")).toThrow(/unable to parse requirement/);
  });
});

test.each([
  ["metadata.name=p", true],
  ["metadata.name!=p", false],
  ["status.phase=Running,metadata.name=p", true],
  ["spec.nodeName=", true],
])("field selector %s → %s", (selector, matches) => {
  expect(fieldSelector(selector, "Pod")(object)).toBe(matches);
});

describe("shell commands", () => {
  test.each([
    [["claude", "-p"], ["claude", "-p"], undefined],
    [
      ["sh", "-c", 'exec claude "$@" < /in/prompt', "claude", "a b", "c"],
      ["claude", "a b", "c"],
      ["/in/prompt"],
    ],
    [["/bin/sh", "-c", `exec claude --x "$@" < '/in/a b'`, "n"], ["claude", "--x"], ["/in/a b"]],
    [["sh", "-c", 'exec "$0" "$@"', "claude", "a"], ["claude", "a"], undefined],
    [["sh", "-c", 'exec "$@" </in/p', "sh", "claude", "a"], ["claude", "a"], ["/in/p"]],
    [
      ["sh", "-c", 'cat /in/p-0 /in/p-1 > /j/p && exec "$@" < /j/p', "sh", "claude", "a"],
      ["claude", "a"],
      ["/in/p-0", "/in/p-1"],
    ],
    [
      ["sh", "-c", 'cat /in/p-0 > /j/p && exec "$@" < /other', "sh", "claude"],
      ["sh", "-c", 'cat /in/p-0 > /j/p && exec "$@" < /other', "sh", "claude"],
      undefined,
    ],
    [["sh", "-c", "echo one; echo two"], ["sh", "-c", "echo one; echo two"], undefined],
    [["sh", "-c", 'x "$@" | y'], ["sh", "-c", 'x "$@" | y'], undefined],
  ])("%j", (command, argv, stdinPaths) => {
    expect(plainCommand(command)).toEqual(
      stdinPaths === undefined ? { argv } : { argv, stdinPaths },
    );
  });
});

test("what a command looks for before it starts", () => {
  const script = `${look("/a/b")}${look("/c d")}exec "$@" < /in`;
  expect(plainCommand(["sh", "-c", script, "n", "claude"])).toEqual({
    argv: ["claude"],
    stdinPaths: ["/in"],
    needs: [
      { path: "/a/b", code: 66, says: "n: /a/b is not there\n" },
      { path: "/c d", code: 66, says: "n: /c d is not there\n" },
    ],
  });
  const other = ["sh", "-c", `[ -e '/a' ] || exit 1; exec "$@" < /in`, "n", "claude"];
  expect(plainCommand(other)).toEqual({ argv: other });
});

test.each([
  ["$(A)-$(B)", "1-$(B)"],
  ["$$(A)", "$(A)"],
  ["$A $", "$A $"],
])("variables in %s", (text, expanded) => {
  expect(expandVariables(text, { A: "1" })).toBe(expanded);
});

test.each([
  ["500m", 0.5],
  ["1Gi", 1_073_741_824],
  ["2", 2],
])("quantity %s", (text, value) => {
  expect(quantity(text)).toBe(value);
});

test("a strategic merge patch merges lists by their key", () => {
  const spec = { containers: [{ name: "a", image: "x" }, { name: "b" }], args: [1] };
  const patch = {
    containers: [
      { name: "a", tty: true },
      { name: "b", $patch: "delete" },
    ],
    args: [2],
  };
  expect(mergeStrategically(spec, patch)).toEqual({
    containers: [{ name: "a", image: "x", tty: true }],
    args: [2],
  });
});
