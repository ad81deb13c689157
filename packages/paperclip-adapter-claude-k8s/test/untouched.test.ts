// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { busyProgram } from "./support/busy-program.ts";
import { cluster, expectNothingLeft, objects } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

test(
  "an ended Job whose output is still being read is not cleared away",
  { timeout: 20_000 },
  async () => {
    const letGo = Promise.withResolvers<void>();
    let runs = 0;
    const numbered = Array.from(
      { length: 400 },
      (_, index) => `${"x".repeat(1_000)} ${index}\n`,
    ).join("");
    await using emulator = await cluster(async ({ stdout }) => {
      runs += 1;
      if (runs === 1) stdout.write(numbered);
      stdout.write(healthyOutput);
      return 0;
    });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const first = fakeHost({ runId: "run-1", onLog: () => letGo.promise });
    const executed = adapter.execute(first.context);
    await expect
      .poll(async () => {
        const answer = await fetch(`${emulator.url}/apis/batch/v1/namespaces/runs/jobs`);
        return JSON.stringify(await answer.json());
      })
      .toContain('"type":"Complete"');
    const second = fakeHost({ runId: "run-2" });
    const next = adapter.execute(second.context);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await objects(emulator)).filter((name) => name.startsWith("jobs/"))).toHaveLength(1);
    expect(runs).toBe(1);
    letGo.resolve();
    expect((await executed).errorMessage).toBeNull();
    expect(first.output()).toBe(numbered + healthyOutput);
    expect((await next).errorMessage).toBeNull();
    await expectNothingLeft(emulator);
  },
);

test("a right that is taken away in mid-run: the Job, which works, is left", async () => {
  const middle = Promise.withResolvers<void>();
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    middle.resolve();
    await sleep(60_000);
    return 0;
  });
  const host = fakeHost();
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await middle.promise;
  await expect.poll(() => host.output()).toContain(healthy[0]);
  emulator.deny({ verb: "get", resource: "pods", subresource: "log" });
  emulator.node.cutLogStreams("reset");
  const result = await executed;
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain("pods/log");
  expect(result.executionRecovery).toBeUndefined();
  const left = await fetch(`${emulator.url}/apis/batch/v1/namespaces/runs/jobs`);
  const { items } = (await left.json()) as { items: { metadata: Record<string, unknown> }[] };
  expect(items.map(({ metadata }) => metadata["deletionTimestamp"])).toEqual([undefined]);
});

test("a stop takes along Secrets that no owner takes along", async () => {
  const { program, running } = busyProgram();
  await using emulator = await cluster(program);
  emulator.deny({ verb: "patch", resource: "jobs" });
  emulator.deny({ verb: "patch", resource: "secrets" });
  const host = fakeHost({ config: { terminationGraceSec: 1 } });
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  await running;
  host.cancel();
  expect((await executed).errorCode).toBe("cancelled");
  await expectNothingLeft(emulator);
});

test("a creation that could not be undone is named, and is no proof that nothing started", async () => {
  await using emulator = await cluster(async () => 0);
  emulator.deny({ verb: "create", resource: "secrets" });
  emulator.deny({ verb: "delete", resource: "jobs" });
  const host = fakeHost();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorMessage).toMatch(/left behind: Job claude-/);
  expect(result.executionRecovery).toBeUndefined();
});

test("a time limit whose deletion was refused says what is left", { timeout: 15_000 }, async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    await sleep(60_000);
    return 0;
  });
  emulator.deny({ verb: "delete", resource: "jobs" });
  const host = fakeHost({ config: { timeoutSec: 1 } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorCode).toBe("timeout");
  expect(result.errorMessage).toMatch(/the Job claude-\S+ .*delete jobs/);
});

test("a stop that comes when the program has ended is acknowledged", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost({
    config: { retainJobs: true },
    onLog: (text) => {
      if (text.includes("is kept (retainJobs)")) host.cancel();
    },
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(host.context.signal?.aborted).toBe(true);
  expect(result.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
});
