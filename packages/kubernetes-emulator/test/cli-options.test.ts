import { expect, test } from "vitest";

import { readCliOptions } from "../src/cli-options.ts";
import { EmulatorError, startEmulator } from "../src/index.ts";

test("the command line and its defaults", () => {
  expect(readCliOptions([])).toEqual({
    port: 0,
    tls: false,
    kubeconfig: undefined,
    programs: "demo",
    images: [],
    help: false,
  });
  const given = readCliOptions([
    "--port",
    "1",
    "--tls",
    "--programs",
    "child",
    "--image",
    "a",
    "--image",
    "b",
  ]);
  expect(given).toMatchObject({ port: 1, tls: true, programs: "child", images: ["a", "b"] });
});

test.each([
  [["--port", "x"], '--port: expected a number from 0 to 65535, got "x"'],
  [["--programs", "x"], '--programs: expected "demo" or "child", got "x"'],
  [["--zap"], "Unknown option '--zap'"],
])("%j is refused in words", (args, message) => {
  expect(() => readCliOptions(args)).toThrow(message);
});

test("an option that is impossible is named", async () => {
  const error: unknown = await startEmulator({ latency: { pullMs: -1 } }).catch(
    (reason: unknown) => reason,
  );
  expect(EmulatorError.isInstance(error) && error.code).toBe("EMULATOR_OPTION_INVALID");
  expect(String(error)).toContain("latency.pullMs: expected a number of at least 0, got -1");
});
