// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft, objects } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

const untilStopped = (onRunning: () => void) =>
  cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    onRunning();
    await sleep(60_000);
    return 0;
  });

test("an operator's stop: the Job is gone before it is acknowledged", async () => {
  const running = Promise.withResolvers<void>();
  await using emulator = await untilStopped(running.resolve);
  const host = fakeHost({ config: { terminationGraceSec: 1 } });
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await running.promise;
  await expect.poll(() => host.output()).toBe(`${healthy[0]}\n`);
  host.cancel();
  const result = await executed;
  const left = await objects(emulator);

  expect(result).toMatchObject({
    errorCode: "cancelled",
    errorMessage: "Cancelled by a board operator",
    timedOut: false,
    resultJson: { executionCancellation: { state: "acknowledged" } },
  });
  expect(left.filter((name) => !name.startsWith("secrets/"))).toEqual([]);
  await expectNothingLeft(emulator);
});

test("a stop that came before the run did anything", async () => {
  await using emulator = await untilStopped(() => {});
  const host = fakeHost();
  host.cancel();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorCode).toBe("cancelled");
  expect(result.executionRecovery).toEqual({ kind: "bootstrap", providerWorkStarted: false });
  await expectNothingLeft(emulator);
});

test("the time limit stops the Job and keeps what was said", async () => {
  await using emulator = await untilStopped(() => {});
  const host = fakeHost({ config: { timeoutSec: 1, terminationGraceSec: 1 } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result).toMatchObject({ errorCode: "timeout", timedOut: true });
  expect(host.output()).toBe(`${healthy[0]}\n`);
  expect(result.sessionId).toBeDefined();
  await expectNothingLeft(emulator);
});

test("a lost lease leaves the Job, and the next run of the task adopts it", async () => {
  const running = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let starts = 0;
  await using emulator = await cluster(async ({ stdout }) => {
    starts += 1;
    stdout.write(`${healthy[0]}\n`);
    running.resolve();
    await goOn.promise;
    stdout.write(`${healthy.slice(1).join("\n")}\n`);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const first = fakeHost({ runId: "run-1" });
  const executed = adapter.execute(first.context);
  await running.promise;
  await expect.poll(() => first.output()).toBe(`${healthy[0]}\n`);
  first.cancel("Legacy controller lease lost");
  const detached = await executed;
  expect(detached).toMatchObject({
    errorCode: "k8s_run_detached",
    errorFamily: "transient_upstream",
  });
  expect(detached.resultJson).toMatchObject({
    conversationContinuation: "continue_conversation_v1",
  });
  expect((await objects(emulator)).filter((name) => name.startsWith("jobs/"))).toHaveLength(1);

  const second = fakeHost({ runId: "run-2" });
  const adopted = adapter.execute(second.context);
  await new Promise((resolve) => setTimeout(resolve, 50));
  goOn.resolve();
  const result = await adopted;
  expect(starts).toBe(1);
  expect(result).toMatchObject({ errorMessage: null, exitCode: 0 });
  expect(result.resultJson).toMatchObject({ kubernetes: { reattached: true } });
  expect(first.output() + second.output()).toBe(healthyOutput);
  await expectNothingLeft(emulator);
});

test("two runs of one agent at a time: the second is told, and does not disturb the first", async () => {
  const running = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await using emulator = await cluster(async ({ stdout }) => {
    running.resolve();
    await goOn.promise;
    stdout.write(healthyOutput);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const first = adapter.execute(fakeHost({ runId: "run-1" }).context);
  await running.promise;
  // Another copy of the adapter, as a host has after it reloaded it.
  const reloaded = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const second = await reloaded.execute(fakeHost({ runId: "run-2" }).context);
  expect(second).toMatchObject({
    errorCode: "k8s_concurrent_run_blocked",
    errorFamily: "transient_upstream",
  });
  goOn.resolve();
  expect((await first).errorMessage).toBeNull();
  await expectNothingLeft(emulator);
});

test("guardScope task: two tasks of one agent run side by side", async () => {
  const both = Promise.withResolvers<void>();
  let running = 0;
  await using emulator = await cluster(async ({ stdout }) => {
    running += 1;
    if (running === 2) both.resolve();
    await both.promise;
    stdout.write(healthyOutput);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const config = { guardScope: "task" };
  const results = await Promise.all(
    ["a", "b"].map((taskId) =>
      adapter.execute(fakeHost({ runId: `run-${taskId}`, config, context: { taskId } }).context),
    ),
  );
  expect(results.map(({ errorMessage }) => errorMessage)).toEqual([null, null]);
  await expectNothingLeft(emulator);
});

test(
  "busyWaitSec: the second run waits for the first, and then runs",
  { timeout: 15_000 },
  async () => {
    const running = Promise.withResolvers<void>();
    await using emulator = await cluster(async ({ stdout, sleep }) => {
      running.resolve();
      await sleep(200);
      stdout.write(healthyOutput);
      return 0;
    });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const first = adapter.execute(fakeHost({ runId: "run-1" }).context);
    await running.promise;
    const second = await adapter.execute(
      fakeHost({ runId: "run-2", config: { busyWaitSec: 30 } }).context,
    );
    expect([second.errorMessage, (await first).errorMessage]).toEqual([null, null]);
    await expectNothingLeft(emulator);
  },
);
