// An operator's stop in each phase of a run. It is acknowledged once the Job is verified gone, within half a minute.
import { randomUUID } from "node:crypto";
import { describe, type ExpectStatic } from "vitest";
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { test } from "../cluster.ts";
import { runAgent } from "../run-agent.ts";
import { silentRegistry } from "./silent-registry.ts";
import { type StoppedRun, stoppedRun } from "./stopped-run.ts";

const withinMs = 30_000;

function expectAcknowledged(expect: ExpectStatic, what: string, run: StoppedRun): void {
  console.log(`${what}: stopped after ${Math.round(run.stopMs ?? Number.NaN)} ms`);
  expect(run.result.resultJson, run.result.errorMessage ?? "").toMatchObject({
    executionCancellation: { state: "acknowledged" },
  });
  expect(run.stopMs).toBeLessThan(withinMs);
  // Before the result: nothing goes on behind the host's back.
  expect(run.left).toEqual([]);
}

describe.concurrent("a run is stopped while", () => {
  test("it waits for another run of its agent: it has nothing to take away", async ({
    cluster,
    expect,
  }) => {
    const agentId = randomUUID();
    const first = new AbortController();
    const second = Promise.withResolvers<StoppedRun>();
    await runAgent(cluster, {
      agentId,
      scenario: "hang",
      signal: first.signal,
      listener: {
        output: () =>
          void stoppedRun(
            cluster,
            { phase: "Waiting for another run" },
            {
              agentId,
              leavesJob: true,
              config: { busyWaitSec: 600 },
            },
          )
            .then(second.resolve, second.reject)
            .finally(() => first.abort(new Error("Cancelled by a board operator"))),
      },
    });
    const { result, stopMs } = await second.promise;
    expect(result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" } },
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
    expect(stopMs).toBeLessThan(withinMs);
  });

  test("its pod waits for a node", async ({ cluster, expect }) => {
    const run = await stoppedRun(
      cluster,
      { phase: "Waiting for a node" },
      {
        config: { "resources.requests.cpu": "900", unschedulableWaitSec: 600 },
      },
    );
    expectAcknowledged(expect, "no node", run);
    expect(run.result).toMatchObject({
      errorCode: "cancelled",
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
  });

  test("its image is being pulled", async ({ cluster, expect }) => {
    await using registry = await silentRegistry();
    const run = await stoppedRun(
      cluster,
      { phase: "Pulling the image" },
      {
        config: { image: registry.image, imagePullGraceSec: 600 },
      },
    );
    expectAcknowledged(expect, "pulling", run);
    expect(run.result).toMatchObject({
      errorCode: "cancelled",
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
  });

  test("its program runs: what it used until then is kept", async ({ cluster, expect }) => {
    const run = await stoppedRun(cluster, { output: '"type":"assistant"' }, { speed: 1 });
    expectAcknowledged(expect, "running", run);
    expect(run.result.errorCode).toBe("cancelled");
    expect(run.result.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(run.result.usage?.inputTokens).toBeGreaterThan(0);
  });

  test("its program ignores SIGTERM: it is killed after its grace", async ({ cluster, expect }) => {
    const run = await stoppedRun(cluster, { output: '"init"' }, { scenario: "ignore-sigterm" });
    expectAcknowledged(expect, "ignoring SIGTERM", run);
    expect(run.result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { forced: true } },
    });
  });

  test("its program has ended: its result is kept", async ({ cluster, expect }) => {
    const run = await stoppedRun(
      cluster,
      { output: '"type":"result"' },
      { scenario: "lines:5000" },
    );
    expectAcknowledged(expect, "draining", run);
    expect(run.result).toMatchObject({ summary: "5000 lines.", usage: { outputTokens: 5 } });
  });

  test("it follows the Job that an earlier process left: that Job is gone", async ({
    cluster,
    expect,
  }) => {
    const agentId = randomUUID();
    const leave = new AbortController();
    const first = await runAgent(cluster, {
      agentId,
      leavesJob: true,
      scenario: "hang",
      signal: leave.signal,
      listener: { output: () => leave.abort(new Error("Legacy controller lease lost")) },
    });
    expect(first.result.errorCode).toBe("k8s_run_detached");
    expect(first.left).not.toEqual([]);
    const run = await stoppedRun(cluster, { phase: "Claude is running" }, { agentId });
    expectAcknowledged(expect, "reattached", run);
    expect(run.result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { kubernetes: { reattached: true } },
    });
  });
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs, signal })).toEqual([]);
});
