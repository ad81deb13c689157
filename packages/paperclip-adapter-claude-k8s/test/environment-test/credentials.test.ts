import { expect, test } from "vitest";
import { claimChecks } from "../../src/checks/check-volume.ts";
import { credentialsCheck } from "../../src/environment-test/credentials.ts";

const bare = { hasVolume: false, serviceAccount: undefined };

test.for([
  [["ANTHROPIC_API_KEY"], "info", "Anthropic"],
  [["ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN"], "info", "Anthropic"],
  [["CLAUDE_CODE_OAUTH_TOKEN"], "info", "subscription"],
  [["CLAUDE_CODE_USE_BEDROCK", "AWS_BEARER_TOKEN_BEDROCK"], "info", "Bedrock"],
  [["CLAUDE_CODE_USE_VERTEX"], "warn", "CLAUDE_CODE_USE_VERTEX is set"],
  [["ANTHROPIC_BASE_URL"], "warn", "no login"],
  [[], "warn", "its home is empty"],
] as const)("variables %j: %s", ([names, level, words]) => {
  const check = credentialsCheck(new Set(names), bare);
  expect(check.level).toBe(level);
  expect(check.message).toContain(words);
});

test("a login may lie in a home that is kept", () => {
  const { level, message } = credentialsCheck(new Set(), { ...bare, hasVolume: true });
  expect(level).toBe("warn");
  expect(message).toContain("home on the workspace volume");
});

test.for([
  ["bound", ["ReadWriteMany"], "Bound", undefined, "info"],
  ["waits for its first pod", ["ReadWriteOnce"], "Pending", undefined, "info"],
  ["lost its volume", ["ReadWriteMany"], "Lost", undefined, "error"],
  ["has not the mode that was set", ["ReadWriteOnce"], "Bound", "ReadWriteMany", "error"],
  ["can only be read", ["ReadOnlyMany"], "Bound", undefined, "error"],
  ["is of one pod", ["ReadWriteOncePod"], "Bound", undefined, "warn"],
] as const)("a claim that %s", ([, accessModes, phase, mode, level]) => {
  const found = claimChecks("home", { spec: { accessModes }, status: { phase } }, mode);
  expect(found.map((check) => check.level)).toEqual([level]);
});
