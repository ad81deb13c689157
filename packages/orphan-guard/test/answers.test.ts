import { describe, expect, test } from "vitest";
import { isDenied, mayHaveHappened, statusOf } from "../src/answers.ts";

describe("statusOf finds the status", () => {
  test.each<[style: string, error: unknown, status: number | undefined]>([
    ["code", { code: 404 }, 404],
    ["statusCode", { statusCode: 409 }, 409],
    ["status", { status: 503 }, 503],
    ["response.statusCode", { response: { statusCode: 404 } }, 404],
    ["response.status", { response: { status: 404 } }, 404],
    ["a message", new Error("HTTP-Code: 404\nMessage: not found"), 404],
    ["a code beside a network word", { code: "ECONNRESET", statusCode: 502 }, 502],
    [
      "nothing in a network error",
      Object.assign(new Error("reset"), { code: "ECONNRESET" }),
      undefined,
    ],
    ["nothing in a plain error", new Error("404 of something"), undefined],
    ["nothing in a number that is no status", { code: 7 }, undefined],
    ["nothing in nothing", undefined, undefined],
  ])("in %s", (_style, error, status) => {
    expect(statusOf(error)).toBe(status);
  });
});

test.each<[what: string, error: unknown, may: boolean]>([
  ["a reset connection", { code: "ECONNRESET" }, true],
  ["a reset below", { cause: { code: "ETIMEDOUT" } }, true],
  ["an unreachable server", { code: "KUBE_UNREACHABLE" }, true],
  ["a 500", { code: 500 }, true],
  ["a 504", { statusCode: 504 }, true],
  ["a 403", { code: 403 }, false],
  ["a 429", { status: 429 }, false],
  ["an error that names neither", new Error("quota exceeded"), false],
  ["a programmer's error", new TypeError("x is undefined"), false],
])("after %s a write may have happened: %s", (_what, error, may) => {
  expect(mayHaveHappened(error)).toBe(may);
});

test.each([
  [401, true],
  [403, true],
  [404, false],
])("%s means denied: %s", (code, denied) => {
  expect(isDenied({ code })).toBe(denied);
});
