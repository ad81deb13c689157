import { describe, expect, test } from "vitest";
import { diagnostics } from "../src/host/diagnostics.ts";
import { evidence, fact, ended } from "./support/evidence.ts";
import { holdsRows } from "./support/rows.ts";
import type { RunEnd } from "../src/run/model.ts";

/** A clone that ended so. */
function cloning(code: number, message: string, container = "clone-repository"): RunEnd {
  const init = { container, code, reason: "Error", ...(message === "" ? {} : { message }) };
  return ended({
    kind: "not-started",
    why: "init",
    reason: "Error",
    message: `init container ${container} exited with code ${code}: ${message}`,
    init,
    ...fact,
  });
}

const passing = { errorCode: "k8s_workspace_clone_failed", cause: "clone" } as const;
const lasting = { errorCode: "configuration_incomplete", cause: "clone" } as const;

describe("a clone that failed", () => {
  holdsRows([
    [
      "a name was not resolved",
      cloning(
        128,
        "fatal: unable to access 'https://git.example/r/': Could not resolve host: git.example",
      ),
      [],
      { ...passing, errorMessage: expect.stringContaining("Could not resolve host") },
    ],
    ["the connection broke", cloning(128, "fatal: early EOF"), [], passing],
    ["the host is overloaded", cloning(128, "error: RPC failed; HTTP 503"), [], passing],
    ["nothing was said", cloning(1, ""), [], passing],
    [
      "a login is asked for and there is none",
      cloning(
        128,
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      ),
      [],
      lasting,
    ],
    [
      "the login is refused",
      cloning(128, "fatal: Authentication failed for 'https://github.com/a/b/'"),
      [],
      lasting,
    ],
    [
      "there is no such repository, or not for this login",
      cloning(128, "fatal: repository 'https://github.com/a/b/' not found"),
      [],
      lasting,
    ],
    [
      "the key is refused",
      cloning(128, "git@github.com: Permission denied (publickey)."),
      [],
      lasting,
    ],
    [
      "there is no such branch",
      cloning(65, "claude-k8s: the repository has no branch, tag or commit nope"),
      [],
      lasting,
    ],
    [
      "the image has no git",
      cloning(127, "claude-k8s: the image has no git"),
      [],
      { ...lasting, errorMessage: expect.stringContaining("Install git in the image") },
    ],
    [
      "the volume is full",
      cloning(128, "fatal: write error: No space left on device"),
      [],
      lasting,
    ],
    [
      "another init container failed",
      cloning(128, "fatal: early EOF", "setup"),
      [],
      { errorCode: "k8s_pod_schedule_failed", cause: "init" },
    ],
  ]);
});

test("git's last words are in the diagnostics, without secrets", () => {
  const seen = diagnostics(evidence(cloning(128, "fatal: no s3cret here"), []), (text) =>
    text.replace("s3cret", "***"),
  );
  expect(seen["init"]).toMatchObject({
    container: "clone-repository",
    code: 128,
    message: "fatal: no *** here",
  });
});
