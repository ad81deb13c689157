// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import type { Emulator, Program } from "@claude-k8s/kubernetes-emulator";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost, type FakeHost, namespace } from "./support/fake-host.ts";
import { jobsOf, leasesOf, serverProcess } from "./support/process.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

/** Writes a line every 20 ms until it is let go, and then a healthy session. */
function talking(letGo: Promise<void>): Program {
  return async ({ stdout, sleep, env }) => {
    const over = { is: false };
    void letGo.then(() => (over.is = true));
    for (let line = 0; !over.is; line += 1) {
      stdout.write(`${env["PAPERCLIP_RUN_ID"]} line ${line}\n`);
      await sleep(20);
    }
    stdout.write(healthyOutput);
    return 0;
  };
}

const follows = (host: FakeHost) =>
  expect.poll(() => host.output(), { timeout: 10_000 }).toContain("line 2\n");

/** A run of one process that its host has lines of, and whose program goes on until it is let go. */
async function talkingRun() {
  const letGo = Promise.withResolvers<void>();
  const emulator = await cluster(talking(letGo.promise));
  const one = serverProcess(emulator);
  const first = fakeHost({ runId: "run-1" });
  const executed = one.execute(first.context);
  await follows(first);
  return {
    emulator,
    one,
    first,
    executed,
    letGo: () => letGo.resolve(),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

/** Writes to the first Job what another process would that has taken it over. */
async function takeOver(emulator: Emulator, by: string, epoch: number): Promise<void> {
  const [job] = await jobsOf(emulator);
  const own = { "claude-k8s/supervisor": by, "claude-k8s/epoch": String(epoch) };
  await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs/${job?.metadata.name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ metadata: { annotations: own } }),
  });
}

test(
  "a rolling restart: twenty runs detach, twenty are adopted, no line is lost or told twice",
  { timeout: 60_000 },
  async () => {
    const letGo = Promise.withResolvers<void>();
    await using emulator = await cluster(talking(letGo.promise));
    const config = { "resources.requests.cpu": "10m", "resources.requests.memory": "16Mi" };
    const hosts = (by: string) =>
      Array.from({ length: 20 }, (_, at) =>
        fakeHost({
          runId: `${by}-${at}`,
          agentId: `agent-${at}`,
          config,
          context: { retryOfRunId: `first-${at}` },
        }),
      );
    const before = serverProcess(emulator);
    const firsts = hosts("first");
    const detached = firsts.map(({ context }) => before.execute(context));
    await Promise.all(firsts.map(follows));
    expect(await leasesOf(emulator)).toHaveLength(1);
    const startedAt = performance.now();
    await before.terminate();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await Promise.all(detached)).map(({ errorCode }) => errorCode)).toEqual(
      firsts.map(() => "k8s_run_detached"),
    );
    expect(await leasesOf(emulator)).toEqual([]);
    const left = await jobsOf(emulator);
    expect(left).toHaveLength(20);
    for (const { metadata } of left) {
      expect(metadata.annotations["claude-k8s/supervisor"]).toBeUndefined();
      expect(metadata.annotations["claude-k8s/log-cursor"]).toMatch(/^\S+ \d+/);
    }

    const after = serverProcess(emulator);
    const seconds = hosts("second");
    const results = seconds.map(({ context }) => after.execute(context));
    await expect
      .poll(
        async () =>
          (await jobsOf(emulator)).filter(
            ({ metadata }) => metadata.annotations["claude-k8s/epoch"] === "2",
          ).length,
        { timeout: 5_000 },
      )
      .toBe(20);
    letGo.resolve();
    for (const [at, result] of (await Promise.all(results)).entries()) {
      expect(result).toMatchObject({
        errorMessage: null,
        summary: "Grüße 😀",
        usage: { inputTokens: 10, outputTokens: 5 },
        resultJson: { kubernetes: { reattached: true, earlierRunIds: [`first-${at}`] } },
      });
      expect(result.resultJson?.["warnings"]).toBeUndefined();
      const told = (firsts[at]?.output() ?? "") + (seconds[at]?.output() ?? "");
      const lines = told
        .slice(0, told.indexOf(healthy[0] ?? ""))
        .trimEnd()
        .split("\n");
      expect(lines).toEqual(lines.map((_, line) => `first-${at} line ${line}`));
      expect(told.endsWith(healthyOutput)).toBe(true);
    }
    await expectNothingLeft(emulator);
    await after.terminate();
    expect(await leasesOf(emulator)).toEqual([]);
  },
);

test(
  "a Job that another live process follows is a run that goes on",
  { timeout: 30_000 },
  async () => {
    await using run = await talkingRun();
    const { emulator, one, executed, letGo } = run;
    const two = serverProcess(emulator);
    const second = await two.execute(fakeHost({ runId: "run-2" }).context);
    expect(second.errorCode).toBe("k8s_concurrent_run_blocked");
    letGo();
    expect((await executed).errorMessage).toBeNull();
    await expectNothingLeft(emulator);
    await Promise.all([one.terminate(), two.terminate()]);
  },
);

test(
  "a killed process is known dead by its Lease; what it had is gone on with, whole",
  { timeout: 60_000 },
  async () => {
    await using run = await talkingRun();
    const { emulator, one, executed, letGo } = run;
    const two = serverProcess(emulator);
    one.kill();
    await executed;
    expect(await leasesOf(emulator)).toHaveLength(1);
    const second = fakeHost({ runId: "run-2" });
    const adopted = two.execute(second.context);
    await expect.poll(() => second.output(), { timeout: 40_000 }).toContain("line 2\n");
    letGo();
    const result = await adopted;
    expect(result).toMatchObject({ errorMessage: null, usage: { inputTokens: 10 } });
    expect(JSON.stringify(result.resultJson?.["warnings"])).toContain("prompt of run-1");
    await expectNothingLeft(emulator);
    await two.terminate();
  },
);

test("a run whose Job another process took over changes nothing, and says who has it", async () => {
  await using run = await talkingRun();
  const { emulator, one, executed, letGo } = run;
  await takeOver(emulator, "another", 2);
  letGo();
  const result = await executed;
  expect(result.errorCode).toBe("k8s_run_detached");
  expect(result.errorMessage).toContain("the process another has it in epoch 2");
  const [job, ...more] = await jobsOf(emulator);
  expect(more).toEqual([]);
  expect(job?.metadata.annotations).toMatchObject({
    "claude-k8s/supervisor": "another",
    "claude-k8s/epoch": "2",
  });
  expect(job?.metadata.annotations["claude-k8s/collected-at"]).toBeUndefined();
  await one.terminate();
});

test("an operator's stop of a run whose Job is another's stops nothing", async () => {
  await using run = await talkingRun();
  const { emulator, one, first, executed, letGo } = run;
  await takeOver(emulator, "another", 2);
  first.cancel();
  const result = await executed;
  expect(result.errorCode).toBe("cancelled");
  expect(result.errorMessage).toContain("another run's now");
  expect(result.resultJson).not.toHaveProperty("executionCancellation");
  const [job] = await jobsOf(emulator);
  expect(job?.metadata.annotations["claude-k8s/cancel-requested"]).toBeUndefined();
  letGo();
  await one.terminate();
});

test("a finished Job that nobody has read is collected once, and one that is kept never again", async () => {
  let programs = 0;
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    programs += 1;
    await sleep(300);
    stdout.write(healthyOutput);
    return 0;
  });
  const one = serverProcess(emulator);
  const executed = one.execute(fakeHost({ runId: "run-1" }).context);
  await expect.poll(() => programs).toBe(1);
  await one.terminate();
  expect((await executed).errorCode).toBe("k8s_run_detached");
  await expect
    .poll(async () => JSON.stringify(await jobsOf(emulator)))
    .toContain('"type":"Complete"');

  const two = serverProcess(emulator);
  const collecting = fakeHost({ runId: "run-2", config: { retainJobs: true } });
  const collected = await two.execute(collecting.context);
  expect(collected).toMatchObject({ errorMessage: null, summary: "Grüße 😀", costUsd: 0.0125 });
  expect(collecting.output()).toBe(healthyOutput);
  expect(programs).toBe(1);
  const [kept] = await jobsOf(emulator);
  expect(kept?.metadata.annotations["claude-k8s/collected-at"]).toBeDefined();

  const again = await two.execute(fakeHost({ runId: "run-3" }).context);
  expect(again.resultJson).toMatchObject({ kubernetes: { reattached: false } });
  expect(programs).toBe(2);
  await expectNothingLeft(emulator);
  await two.terminate();
});

test("a run with words of its own does not take an earlier run's answer for its own", async () => {
  await using run = await talkingRun();
  const { emulator, one, executed, letGo } = run;
  const two = serverProcess(emulator);
  await one.terminate();
  await executed;
  letGo();
  const second = fakeHost({ runId: "run-2", context: { wakeCommentId: "comment-1" } });
  const result = await two.execute(second.context);
  expect(result).toMatchObject({
    errorCode: "k8s_prompt_not_given",
    errorFamily: "transient_upstream",
    resultJson: { conversationContinuation: "continue_conversation_v1", result: "Grüße 😀" },
  });
  await expectNothingLeft(emulator);
  await two.terminate();
});

test("without the right to Leases runs go on, and the first of them says what is weaker", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  for (const verb of ["create", "list", "patch", "delete"] as const)
    emulator.deny({ verb, resource: "leases" });
  const one = serverProcess(emulator);
  const hosts = [fakeHost({ runId: "run-1" }), fakeHost({ runId: "run-2" })];
  for (const { context } of hosts) expect((await one.execute(context)).errorMessage).toBeNull();
  const said = hosts.map(({ chunks }) =>
    chunks.some(({ text }) => text.includes("right to Leases is missing")),
  );
  expect(said).toEqual([true, false]);
  await expectNothingLeft(emulator);
  await one.terminate();
});

test("the first run's process removes a stop that nobody finished", async () => {
  const letGo = Promise.withResolvers<void>();
  await using emulator = await cluster(talking(letGo.promise));
  const one = serverProcess(emulator);
  const first = fakeHost({ runId: "run-1", agentId: "other" });
  const executed = one.execute(first.context);
  await follows(first);
  await one.terminate();
  await executed;
  const [job] = await jobsOf(emulator);
  await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs/${job?.metadata.name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({
      metadata: { annotations: { "claude-k8s/cancel-requested": "2026-01-01T00:00:00Z" } },
    }),
  });
  const two = serverProcess(emulator);
  const second = two.execute(fakeHost({ runId: "run-2" }).context);
  await expect
    .poll(async () => (await jobsOf(emulator)).map(({ metadata }) => metadata.uid), {
      timeout: 10_000,
    })
    .not.toContain(job?.metadata.uid);
  letGo.resolve();
  expect((await second).errorMessage).toBeNull();
  await expectNothingLeft(emulator);
  await two.terminate();
});
