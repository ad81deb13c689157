// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { FaultRule } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost, namespace } from "./support/fake-host.ts";
import { jobsOf, serverProcess } from "./support/process.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

/** The API server's own refusal of a Job, in the words of what stood behind it. */
function refused(code: number, reason: string, words: string): FaultRule {
  const message = `jobs.batch "claude-x" is forbidden: ${words}`;
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
  return {
    on: { verb: "create", resource: "jobs" },
    do: {
      kind: "status",
      status: code,
      body: JSON.stringify(status),
      contentType: "application/json",
    },
  };
}

const used = "exceeded quota: few, requested: count/jobs.batch=1, used: 1, limited: 1";
const denies = 'admission webhook "policy.example.com" denied the request: no agents here';

test.each<[what: string, rule: FaultRule, code: string, family: string | undefined]>([
  [
    "a quota takes no Job",
    refused(403, "Forbidden", used),
    "k8s_job_create_failed",
    "transient_upstream",
  ],
  [
    "a webhook refuses Jobs",
    refused(403, "Forbidden", denies),
    "configuration_incomplete",
    undefined,
  ],
  [
    "the API server breaks over it",
    refused(500, "InternalError", "etcdserver: request timed out"),
    "k8s_job_create_failed",
    "transient_upstream",
  ],
])(
  "when %s, the run says so in its words, and nothing was started",
  async (_what, rule, code, family) => {
    await using emulator = await cluster(async () => 0);
    emulator.faults.add(rule);
    const result = await serverProcess(emulator).execute(fakeHost().context);
    expect([result.errorCode, result.errorFamily]).toEqual([code, family]);
    const { body = "{}" } = rule.do as { readonly body?: string };
    const { message } = JSON.parse(body) as { readonly message: string };
    expect(result.errorMessage).toContain(message);
    expect(result.executionRecovery).toEqual({ kind: "bootstrap", providerWorkStarted: false });
    await expectNothingLeft(emulator);
  },
);

const away = {
  getServers: () => {
    throw new Error("the registry of MCP servers is away");
  },
};

test("what the host cannot hand over keeps the Job from being built", async () => {
  await using emulator = await cluster(async () => 0);
  const { context } = fakeHost();
  const result = await serverProcess(emulator).execute({ ...context, runtimeMcp: away });
  expect(result).toMatchObject({
    errorCode: "k8s_job_build_failed",
    errorFamily: "transient_upstream",
    errorMessage: expect.stringContaining("the registry of MCP servers is away"),
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
  await expectNothingLeft(emulator);
});

test("a run that cannot be followed any more leaves its Job as it is", async () => {
  const letGo = Promise.withResolvers<void>();
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(`${healthy[0]}\n`);
    await letGo.promise;
    stdout.write(
      healthy
        .slice(1)
        .map((line) => `${line}\n`)
        .join(""),
    );
    return 0;
  });
  const one = serverProcess(emulator);
  const first = fakeHost({ runId: "run-1" });
  const executed = one.execute(first.context);
  await expect.poll(() => first.output(), { timeout: 10_000 }).toContain(healthy[0]);
  one.kill();
  expect(await executed).toMatchObject({
    errorCode: "k8s_job_state_unknown",
    errorFamily: "transient_upstream",
    errorMessage: expect.stringContaining("could not be followed to its end"),
    resultJson: { conversationContinuation: "continue_conversation_v1" },
  });
  expect(await jobsOf(emulator)).toMatchObject([
    { metadata: { labels: { "paperclip.io/run-id": "run-1" } } },
  ]);
  letGo.resolve();
});

test(
  "a pod that a quota holds back is waited for, with the cluster's words, and runs when there is room",
  { timeout: 60_000 },
  async () => {
    await using emulator = await cluster(async ({ stdout }) => {
      stdout.write(healthyOutput);
      return 0;
    });
    const quotas = `${emulator.url}/api/v1/namespaces/${namespace}/resourcequotas`;
    const made = await fetch(quotas, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ metadata: { name: "none" }, spec: { hard: { pods: "0" } } }),
    });
    expect(made.status).toBe(201);
    const host = fakeHost();
    const executed = serverProcess(emulator).execute(host.context);
    const said = () => host.chunks.map(({ text }) => text).join("");
    await expect.poll(said, { timeout: 20_000 }).toMatch(/FailedCreate: .*exceeded quota: none/);
    expect((await fetch(`${quotas}/none`, { method: "DELETE" })).ok).toBe(true);
    expect((await executed).errorMessage).toBeNull();
    expect(host.output()).toBe(healthyOutput);
    await expectNothingLeft(emulator);
  },
);
