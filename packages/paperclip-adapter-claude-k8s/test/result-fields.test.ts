// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft, withClaim } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { diagnosticsOf, kubernetesOf } from "./support/result.ts";
import { healthy, healthyOutput, sessionId } from "./support/transcript.ts";

const [init = "", said = "", result = ""] = healthy;
const workspace = { workspaceId: "w1", repoUrl: "https://example.com/a.git", repoRef: "main" };

test("a success carries session, usage, cost, billing, answer and timings", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  await withClaim(emulator, "claim");
  const host = fakeHost({
    config: { workspaceVolumeClaim: "claim", env: { ANTHROPIC_API_KEY: "sk-of-the-agent" } },
    context: { paperclipWorkspace: workspace },
  });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(answer).toMatchObject({
    exitCode: 0,
    signal: null,
    timedOut: false,
    errorMessage: null,
    usageBasis: "per_run",
    provider: "anthropic",
    biller: "anthropic",
    billingType: "api",
    sessionId,
    sessionDisplayId: sessionId,
    sessionParams: { sessionId, place: "runs/claim", podCwd: "/workspace", ...workspace },
    resultJson: { finalResponse: { disposition: "final", text: "Grüße 😀" }, lines: 3 },
  });
  expect(answer.sessionParams?.["promptBundleKey"]).toMatch(/^[0-9a-f]{64}$/);
  for (const absent of ["errorCode", "errorFamily", "executionRecovery", "clearSession"])
    expect(answer).not.toHaveProperty(absent);
  expect(answer.resultJson).not.toHaveProperty("diagnostics");
  const timings = answer.resultJson?.["timings"] as Record<string, number>;
  expect(Object.keys(timings)).toContain("runningMs");
});

test("a failure is explained when its Job is gone, and no secret is in it", async () => {
  await using emulator = await cluster(async ({ stdout, env }) => {
    stdout.write(`cannot log in with ${env["MY_API_KEY"]} and ${env["PAPERCLIP_API_KEY"]}\n`);
    return 7;
  });
  const host = fakeHost({ config: { env: { MY_API_KEY: "hunter2hunter2" } } });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(answer).toMatchObject({ errorCode: "claude_init_failed", exitCode: 7 });
  expect(answer.errorMessage).toContain("cannot log in with ***REDACTED***");
  const { conditions, events, exit, look, evidence } = diagnosticsOf(answer);
  expect(JSON.stringify(conditions)).toContain('"PodScheduled"');
  expect(JSON.stringify(events)).toContain('"Scheduled"');
  expect(exit).toMatchObject({ code: 7 });
  expect(JSON.stringify(evidence)).toContain("terminated, code 7");
  expect(JSON.stringify(look)).toContain("kubectl --namespace runs get events");
  const everything = JSON.stringify([
    answer,
    host.chunks.filter(({ stream }) => stream === "stderr"),
  ]);
  for (const secret of ["hunter2hunter2", "token-of-the-run"])
    expect(everything).not.toContain(secret);
  await expectNothingLeft(emulator);
});

test("without the right to events a failure is explained by all the rest", async () => {
  await using emulator = await cluster(async () => 7);
  emulator.deny({ verb: "list", resource: "events" });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    fakeHost().context,
  );
  expect(answer.errorCode).toBe("claude_init_failed");
  expect(JSON.stringify(diagnosticsOf(answer)["problems"])).toContain("events could not be read");
});

test("whatever the program says, a result stays small", { timeout: 20_000 }, async () => {
  const long = "x".repeat(300_000);
  await using emulator = await cluster(async ({ stdout }) => {
    for (let line = 0; line < 40; line += 1) stdout.write(`${line} ${long}\n`);
    stdout.write(`${init}\n${result.replaceAll("Grüße 😀", long)}\n`);
    return 0;
  });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    fakeHost().context,
  );
  expect(answer.errorMessage).toBeNull();
  expect(JSON.stringify(answer).length).toBeLessThan(200_000);
});

test("a time limit keeps session, usage and what was said", async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(`${init}\n${said}\n`);
    await sleep(60_000);
    return 143;
  });
  const host = fakeHost({ config: { timeoutSec: 1, terminationGraceSec: 1 } });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(answer).toMatchObject({
    timedOut: true,
    errorCode: "timeout",
    sessionId,
    usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 3 },
    resultJson: { usagePartial: true, conversationContinuation: "continue_conversation_v1" },
  });
  expect(kubernetesOf(answer)).toMatchObject({ cause: "run-limit", stoppedFor: "deadline" });
  expect(host.events.map(({ eventType }) => eventType)).toContain("claude_k8s.limit");
});

test("a program that does not end after its answer is stopped, and has succeeded", async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(healthyOutput);
    await sleep(60_000);
    return 143;
  });
  const host = fakeHost({ config: { afterResultSec: 1, terminationGraceSec: 1 } });
  const answer = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(answer).toMatchObject({ errorMessage: null, signal: null, summary: "Grüße 😀" });
  expect(answer.exitCode ?? 0).toBe(0);
  expect(kubernetesOf(answer)).toMatchObject({
    stoppedFor: "after-result",
    cause: "after-result-limit",
  });
  await expectNothingLeft(emulator);
});

test("an idle program is stopped only where that was asked for", async () => {
  await using emulator = await cluster(async ({ stdout, sleep, argv }) => {
    stdout.write(`${init}\n`);
    await sleep(argv.includes("patient") ? 2_500 : 60_000);
    stdout.write(`${said}\n${result}\n`);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const limits = { idleSec: 1, terminationGraceSec: 1 };
  const warned = fakeHost({ config: { ...limits, extraArgs: ["patient"] } });
  expect((await adapter.execute(warned.context)).errorMessage).toBeNull();
  expect(warned.events).toContainEqual(expect.objectContaining({ eventType: "claude_k8s.limit" }));

  const stopped = fakeHost({ runId: "run-2", config: { ...limits, idleAction: "stop" } });
  const answer = await adapter.execute(stopped.context);
  expect(answer).toMatchObject({ errorCode: "timeout", timedOut: true, sessionId });
  expect(kubernetesOf(answer)["cause"]).toBe("idle-limit");
});
