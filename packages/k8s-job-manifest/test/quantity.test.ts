import { describe, expect, test } from "vitest";
import { quantity } from "../src/quantity.ts";
import { withDefaults, withoutUnset } from "../src/resources.ts";

describe("quantity", () => {
  test.each<[text: string, billionths: bigint | undefined]>([
    ["1", 10n ** 9n],
    ["500m", 5n * 10n ** 8n],
    ["0.5", 5n * 10n ** 8n],
    [".5", 5n * 10n ** 8n],
    ["1.", 10n ** 9n],
    ["1e3", 10n ** 12n],
    ["1E3", 10n ** 12n],
    ["1e-3", 10n ** 6n],
    ["1k", 10n ** 12n],
    ["1E", 10n ** 27n],
    ["1Ki", 1024n * 10n ** 9n],
    ["1.5Gi", 1536n * 2n ** 20n * 10n ** 9n],
    ["1n", 1n],
    ["0.1n", 1n],
    ["+1", 10n ** 9n],
    ["8Ei", undefined],
    ["-1", undefined],
    ["", undefined],
    ["1 Gi", undefined],
    ["1gi", undefined],
    ["1K", undefined],
    ["1e3Ki", undefined],
    ["0x1", undefined],
    [".", undefined],
  ])("of %o is %s billionths", (text, billionths) => {
    expect(quantity(text)).toBe(billionths);
  });
});

describe("resources", () => {
  const all = { cpu: "4", memory: "8Gi", "ephemeral-storage": "4Gi" };
  test.each([
    ["nothing", {}, { requests: { cpu: "250m", memory: "512Mi" }, limits: all }],
    [
      "a small limit, which the default request follows",
      { limits: { memory: "256Mi" } },
      { requests: { cpu: "250m", memory: "256Mi" }, limits: { ...all, memory: "256Mi" } },
    ],
    [
      "a large request, which the default limit follows",
      { requests: { cpu: "8" } },
      { requests: { cpu: "8", memory: "512Mi" }, limits: { ...all, cpu: "8" } },
    ],
    [
      "no limit of CPU, said so",
      { limits: { cpu: "" } },
      {
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { memory: "8Gi", "ephemeral-storage": "4Gi" },
      },
    ],
    [
      "a device",
      { limits: { "nvidia.com/gpu": "1" } },
      { requests: { cpu: "250m", memory: "512Mi" }, limits: { ...all, "nvidia.com/gpu": "1" } },
    ],
  ])("of a program that is given %s", (_what, given, expected) => {
    expect(withDefaults(given)).toEqual(expected);
  });

  test("of a sidecar are those given", () => {
    expect(withoutUnset({})).toEqual({});
    expect(withoutUnset({ limits: { cpu: "", memory: "1Mi" } })).toEqual({
      limits: { memory: "1Mi" },
    });
  });
});
