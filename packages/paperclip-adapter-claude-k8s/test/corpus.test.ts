import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { createServerAdapter } from "../src/index.ts";
import { type ErrorCode, errorCodes } from "../src/run/error-codes.ts";
import { cluster } from "./support/cluster.ts";
import { type Capture, captures, containerCode, corpusMissing } from "./support/corpus.ts";
import { fakeHost } from "./support/fake-host.ts";

/** The meaning of a capture, in our codes. More than one: what the pod adds decides. */
const codes: Readonly<Record<string, readonly (ErrorCode | undefined)[]>> = {
  success: [undefined],
  success_local: [undefined],
  empty: ["llm_api_error"],
  truncated: ["claude_truncated", "claude_init_failed", "llm_api_error"],
  interrupted: ["claude_interrupted"],
  max_turns: ["max_turns_exhausted"],
  max_budget: ["claude_budget_exhausted"],
  max_output_tokens: ["claude_output_limit"],
  schema: ["claude_failed"],
  refusal: ["claude_refusal"],
  hook_blocked: ["claude_hook_stopped"],
  hook_stopped: ["claude_hook_stopped"],
  prompt_too_long: ["claude_context_full"],
  unknown_session: ["session_unavailable"],
  startup: ["claude_init_failed"],
  not_a_stream: ["claude_init_failed"],
  auth: ["claude_auth_required"],
  billing: ["claude_billing"],
  usage_limit: ["provider_quota"],
  rate_limit: ["claude_transient_upstream"],
  overloaded: ["claude_transient_upstream"],
  server_error: ["claude_transient_upstream"],
  network: ["claude_transient_upstream"],
  invalid_request: ["claude_invalid_request", "claude_session_poisoned"],
  model_not_found: ["model_not_found"],
};

const all = corpusMissing ? [] : captures();
const why = corpusMissing ? `, skipped: ${corpusMissing}` : "";

describe.skipIf(corpusMissing)(`real captures as pods${why}`, () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await cluster(async () => 0)));
  afterAll(async () => emulator[Symbol.asyncDispose]());

  test("there are many of them", () => expect(all.length).toBeGreaterThan(100));

  test.concurrent.each(all.map((capture) => [capture.scenario, capture] as const))(
    "%s: code, family, session, usage and cost are what they mean",
    { timeout: 60_000 },
    async (_scenario, capture) => {
      const result = await replay(emulator, capture);
      const { expectation } = capture;
      const code = result.errorCode ?? undefined;
      expect(codes[expectation.kind]).toContain(code);
      expect(result.errorFamily).toBe(
        code === undefined ? undefined : errorCodes[code as ErrorCode].family,
      );
      expect(isSuccessForHost(result)).toBe(expectation.ok);
      expect(meaning(result)).toEqual(expected(capture, result));
    },
  );
});

/** The capture as the program of a pod. What it wrote to stderr is in the same log. */
async function replay(emulator: Emulator, capture: Capture): Promise<AdapterExecutionResult> {
  const { scenario, bytes, stderr } = capture;
  const image = `capture:${scenario}`;
  emulator.program(image, async ({ stdout, stderr: errors }) => {
    stdout.write(bytes);
    if (stderr !== "") errors.write(`\n${stderr}`);
    return containerCode(capture);
  });
  const host = fakeHost({ config: { image }, agentId: scenario, runId: `run-${scenario}` });
  return createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
}

/** The host's own rule. */
function isSuccessForHost({
  exitCode,
  errorMessage,
  signal,
  timedOut,
}: AdapterExecutionResult): boolean {
  return !timedOut && (exitCode ?? 0) === 0 && !errorMessage && !signal;
}

function meaning({ sessionId, usage, usageBasis, costUsd, model }: AdapterExecutionResult): object {
  return { sessionId, usage, usageBasis, costUsd, model };
}

function expected(
  { expectation: { sessionId, runTokens, runCostUsd, initModel } }: Capture,
  result: AdapterExecutionResult,
): object {
  const { inputTokens, outputTokens, cacheReadTokens } = runTokens;
  const isNothing = result.usage === undefined && inputTokens + outputTokens === 0;
  return {
    sessionId: result.clearSession === true ? undefined : (sessionId ?? undefined),
    usage: isNothing
      ? undefined
      : {
          inputTokens,
          outputTokens,
          cachedInputTokens: cacheReadTokens,
        },
    usageBasis: "per_run",
    costUsd: runCostUsd ?? undefined,
    model: initModel,
  };
}
