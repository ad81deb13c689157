import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { errorCodes } from "../src/run/error-codes.ts";
import type { RunEnd } from "../src/run/model.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { lastWords } from "./support/last-words.ts";

function codeOf(end: RunEnd): number {
  const code = end.kind === "ended" && end.end.kind === "exited" ? end.end.exit.code : undefined;
  if (code === undefined) throw new Error("only a program that exits has a last word");
  return code;
}

test(
  "what claude says last in its pod is told to the host: code, family, session, and when to come back",
  { timeout: 60_000 },
  async () => {
    await using emulator = await cluster(async ({ env, stdout }) => {
      const row = lastWords[Number(env["PAPERCLIP_RUN_ID"])];
      if (row === undefined) return 1;
      const [, end, lines] = row;
      stdout.write(lines.map((line) => `${line}\n`).join(""));
      return codeOf(end);
    });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const config = { "resources.requests.cpu": "10m", "resources.requests.memory": "1Mi" };
    const results = lastWords.map(async ([when], nth) => {
      const host = fakeHost({ runId: String(nth), agentId: `agent-${nth}`, config });
      return [when, await adapter.execute(host.context)] as const;
    });
    for (const [nth, [when, result]] of (await Promise.all(results)).entries()) {
      const [, end, , wanted = {}] = lastWords[nth] ?? [];
      const { errorCode, errorFamily, clearSession, retryNotBefore, exitCode } = result;
      const told = { when, errorCode, errorFamily, clearSession, retryNotBefore, exitCode };
      expect(told).toEqual({
        when,
        errorCode: wanted.errorCode,
        errorFamily: wanted.errorCode && errorCodes[wanted.errorCode].family,
        clearSession: wanted.clearSession,
        retryNotBefore: wanted.retryNotBefore,
        exitCode: end && codeOf(end),
      });
      expect(result.errorMessage?.length).toBeGreaterThan(3);
      // It has run: the host may go on with the conversation, and must not run it again as if nothing had been.
      expect(result.executionRecovery).toBeUndefined();
    }
    await expectNothingLeft(emulator);
  },
);
