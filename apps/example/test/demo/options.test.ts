import { expect, test } from "vitest";
import { demoOptions } from "../../src/demo/options.ts";
import { suiteOptions } from "../../src/e2e/options.ts";

test("without options: the emulator, at recorded speed", () => {
  expect(demoOptions([])).toEqual({
    help: false,
    cluster: false,
    image: undefined,
    kindImage: undefined,
    speed: 1,
  });
});

test("all of them", () => {
  expect(
    demoOptions(["--cluster", "--kind-image", "n:1", "--image=i:1", "--speed", "2.5"]),
  ).toEqual({
    help: false,
    cluster: true,
    image: "i:1",
    kindImage: "n:1",
    speed: 2.5,
  });
  expect(demoOptions(["--fast"]).speed).toBe(Infinity);
  expect(suiteOptions(["--long", "--only", "silent"])).toMatchObject({
    long: true,
    only: "silent",
  });
});

test.each([
  [["--sped", "2"], "Unknown option '--sped'. --help lists the options"],
  [["--speed", "quick"], '--speed must be a number above 0, not "quick"'],
  [["--speed", "0"], '--speed must be a number above 0, not "0"'],
  [["--speed"], "Option '--speed <value>' argument missing. --help lists the options"],
  [["--fast", "--speed", "2"], "--speed and --fast cannot be used together"],
  [["cluster"], "Unexpected argument 'cluster'. --help lists the options"],
])("%j is refused and named", (args, message) => {
  expect(() => demoOptions(args)).toThrow(
    expect.objectContaining({ code: "EXAMPLE_OPTION", message }),
  );
});
