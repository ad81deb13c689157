// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Program } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft, withClaim } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthyOutput, sessionId } from "./support/transcript.ts";

const stored = "11111111-2222-4333-8444-555555555555";
const claim = { workspaceVolumeClaim: "claim", promptTemplate: "Go on." };
const runtime = { sessionId: stored, sessionParams: { sessionId: stored, place: "runs/claim" } };

const unknown = JSON.stringify({
  type: "result",
  subtype: "error_during_execution",
  is_error: true,
  num_turns: 0,
  session_id: stored,
  errors: [`No conversation found with session ID: ${stored}`],
});
const poisoned = JSON.stringify({
  type: "result",
  subtype: "success",
  is_error: true,
  num_turns: 1,
  session_id: stored,
  api_error_status: 400,
  api_error_type: "invalid_request_error",
  result: "API Error: 400 Could not process image",
});

/** Says this of a session that it is to resume, and works without one. */
function refusing(words: string, starts: string[][]): Program {
  return async ({ argv, stdout, stderr }) => {
    starts.push([...argv]);
    if (!argv.includes("--resume")) {
      stdout.write(healthyOutput);
      return 0;
    }
    if (words.startsWith("{")) stdout.write(`${words}\n`);
    else stderr.write(`${words}\n`);
    return 1;
  };
}

test.each([
  ["does not exist", unknown],
  [
    "does not exist, in an older version's words",
    `No conversation found with session ID: ${stored}`,
  ],
  ["holds what the provider refuses each time", poisoned],
])("a session that %s: the run begins again with a new one", async (_what, words) => {
  const starts: string[][] = [];
  await using emulator = await cluster(refusing(words, starts));
  await withClaim(emulator, "claim");
  const host = fakeHost({ config: claim, runtime });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(starts.map((argv) => argv.includes("--resume"))).toEqual([true, false]);
  expect(result).toMatchObject({ errorMessage: null, exitCode: 0, sessionId });
  expect(result).not.toHaveProperty("clearSession");
  expect(host.metas).toHaveLength(1);
  expect(host.events.map(({ eventType }) => eventType)).toContain("claude_k8s.session.fresh");
  await expectNothingLeft(emulator);
});

test("it begins again once, not for ever", async () => {
  let starts = 0;
  await using emulator = await cluster(async ({ stdout }) => {
    starts += 1;
    stdout.write(`${unknown}\n`);
    return 1;
  });
  await withClaim(emulator, "claim");
  const host = fakeHost({ config: claim, runtime });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(starts).toBe(2);
  expect(result).toMatchObject({ errorCode: "session_unavailable", clearSession: true });
});

test("a run that has called tools is not begun again: what they did would be done twice", async () => {
  let starts = 0;
  const call = JSON.stringify({
    type: "assistant",
    message: {
      id: "m",
      model: "M",
      content: [{ type: "tool_use", id: "t", name: "Read", input: {} }],
    },
  });
  await using emulator = await cluster(async ({ stdout }) => {
    starts += 1;
    stdout.write(`${call}\n${poisoned}\n`);
    return 1;
  });
  await withClaim(emulator, "claim");
  const host = fakeHost({ config: claim, runtime });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(starts).toBe(1);
  expect(result).toMatchObject({ errorCode: "claude_session_poisoned", clearSession: true });
});

test("a run that was given no session is not begun again", async () => {
  let starts = 0;
  await using emulator = await cluster(async ({ stdout }) => {
    starts += 1;
    stdout.write(`${unknown}\n`);
    return 1;
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    fakeHost().context,
  );
  expect(starts).toBe(1);
  expect(result).toMatchObject({ errorCode: "session_unavailable", clearSession: true });
});

test("a session of another place is not resumed, and that is said", async () => {
  const starts: string[][] = [];
  await using emulator = await cluster(refusing(unknown, starts));
  await withClaim(emulator, "claim");
  const sessionParams = { sessionId: stored, place: "elsewhere/claim" };
  const host = fakeHost({ config: claim, runtime: { ...runtime, sessionParams } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(starts.map((argv) => argv.includes("--resume"))).toEqual([false]);
  expect(JSON.stringify(result.resultJson?.["warnings"])).toContain(
    "its files are in another place",
  );
});
