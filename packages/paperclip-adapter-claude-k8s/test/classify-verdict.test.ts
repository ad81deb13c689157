import { expect, test } from "vitest";
import { classify } from "../src/run/classify.ts";
import { evidence, exited } from "./support/evidence.ts";
import { lastWords, result } from "./support/last-words.ts";
import { holdsRows } from "./support/rows.ts";
import { healthy } from "./support/transcript.ts";

const [init = ""] = healthy;

holdsRows(lastWords);

test.each([
  ["exit code 0", 0],
  ["exit code 1", 1],
  ["SIGTERM after the answer", 143],
  ["an exit code that is not known", undefined],
])("the result decides, not %s", (_what, code) => {
  expect(classify(evidence(exited(code), healthy)).errorCode).toBeUndefined();
  const failed = [init, result({ api_error_status: 401, result: "Invalid API key" })];
  expect(classify(evidence(exited(code), failed)).errorCode).toBe("claude_auth_required");
});
