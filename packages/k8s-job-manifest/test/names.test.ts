import { array, assert, property, string, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { jobName, labelValue } from "../src/index.ts";

const text = string({ unit: "binary", maxLength: 90 });

describe("labelValue", () => {
  test.each<[text: string, value: string]>([
    ["run-1", "run-1"],
    ["Team_A.b", "Team_A.b"],
    ["x".repeat(63), "x".repeat(63)],
    ["team/a", "team-a-h2a25c36d69"],
    ["/a/", "a-h976ccc3d6d"],
    ["", "he3b0c44298"],
    ["@@@", "h1f1b1e5a66"],
  ])("of %o is %s", (given, value) => {
    expect(labelValue(given)).toBe(value);
  });

  test("is valid for every text", () => {
    assert(
      property(text, (given) => {
        expect(labelValue(given)).toMatch(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/);
      }),
      { seed: 1 },
    );
  });

  test("differs for different texts, also for one that looks like another's value", () => {
    assert(
      property(uniqueArray(text, { minLength: 2, maxLength: 20 }), (texts) => {
        const all = [...new Set([...texts, ...texts.map(labelValue)])];
        const twins = new Map<string, Set<string>>();
        for (const one of all) {
          const value = labelValue(one);
          twins.set(value, (twins.get(value) ?? new Set()).add(one));
        }
        for (const [, same] of twins) expect(same.size).toBe(1);
      }),
      { seed: 2 },
    );
  });
});

describe("jobName", () => {
  test("is the same name in every version", () => {
    expect(jobName(["claude", "Alice", "agent:1"])).toBe("claude-alice-agent-1-hf2f9707a1a");
  });

  test("is a DNS label with room for what a pod's name adds", () => {
    assert(
      property(array(text, { maxLength: 4 }), (parts) => {
        expect(jobName(parts)).toMatch(/^[a-z0-9]([a-z0-9-]{0,55}[a-z0-9])?$/);
      }),
      { seed: 3 },
    );
  });

  test.each([
    [["a", "b"], ["a-b"]],
    [["A"], ["a"]],
    [["a"], ["a", ""]],
    [["x".repeat(80)], ["x".repeat(81)]],
    [[""], []],
  ])("of %o is not that of %o", (one, other) => {
    expect(jobName(one)).not.toBe(jobName(other));
  });
});
