import { expect, test } from "vitest";
import { trusting } from "../../src/workspace/safe-directory.ts";

test("git is told to work in a folder that is somebody else's", () => {
  expect(trusting({ A: "1" }, "/w")).toEqual({
    A: "1",
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "/w",
    GIT_CONFIG_KEY_1: "safe.directory",
    GIT_CONFIG_VALUE_1: "/w/*",
  });
});

test("settings of git's that are there stay, and a count that is none is git's to complain of", () => {
  const own = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "user.name", GIT_CONFIG_VALUE_0: "Ada" };
  expect(trusting(own, "/w")).toMatchObject({
    ...own,
    GIT_CONFIG_COUNT: "3",
    GIT_CONFIG_KEY_1: "safe.directory",
  });
  expect(trusting({ GIT_CONFIG_COUNT: "x" }, "/w")).toEqual({ GIT_CONFIG_COUNT: "x" });
});
