// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { FaultRule } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { busyProgram } from "./support/busy-program.ts";
import { cluster, expectNothingLeft, objects } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

const numbered = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);

function status(code: number): FaultRule["do"] {
  return { kind: "status", status: code };
}

test.each<[what: string, rule: FaultRule]>([
  [
    "the first list of Jobs fails",
    { on: { verb: "list", resource: "jobs" }, do: status(500), times: 1 },
  ],
  ["lists of pods fail", { on: { verb: "list", resource: "pods" }, do: status(503), times: 2 }],
  ["reads of the Job fail", { on: { verb: "get", resource: "jobs" }, do: status(500), times: 2 }],
  ["watches are refused", { on: { verb: "watch" }, do: status(500), times: 3 }],
  [
    "watches break off",
    { on: { verb: "watch" }, do: { kind: "cut", how: "reset", afterBytes: 200 }, times: 3 },
  ],
  ["the log is refused", { on: { subresource: "log" }, do: status(500), times: 3 }],
  [
    "the creation is told to wait",
    {
      on: { verb: "create", resource: "jobs" },
      do: { kind: "status", status: 429, retryAfterSeconds: 1 },
      times: 1,
    },
  ],
  [
    "nobody hears that the Job was created",
    { on: { verb: "create", resource: "jobs" }, do: { kind: "lose-reply" }, times: 1 },
  ],
  [
    "nobody hears that the Secret was created",
    { on: { verb: "create", resource: "secrets" }, do: { kind: "lose-reply" }, times: 1 },
  ],
  [
    "nobody hears that the Job may start",
    { on: { verb: "patch", resource: "jobs" }, do: { kind: "lose-reply" }, times: 1 },
  ],
  [
    "the deletion fails once",
    { on: { verb: "delete", resource: "jobs" }, do: status(500), times: 1 },
  ],
  [
    "an event of a watch comes twice",
    { on: { verb: "watch" }, do: { kind: "duplicate", what: "event" } },
  ],
])(
  "when %s, the program runs once and its result is right",
  { timeout: 30_000 },
  async (_what, rule) => {
    let starts = 0;
    await using emulator = await cluster(async ({ stdout, sleep }) => {
      starts += 1;
      for (const line of numbered) {
        stdout.write(line);
        await sleep(5);
      }
      stdout.write(healthyOutput);
      return 0;
    });
    emulator.faults.add(rule);
    const host = fakeHost();
    const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
      host.context,
    );
    expect(result.errorMessage).toBeNull();
    expect(host.output()).toBe(numbered.join("") + healthyOutput);
    expect(starts).toBe(1);
    await expectNothingLeft(emulator);
  },
);

test(
  "a question of the guard that is never answered holds up the agent's next run for seconds only",
  { timeout: 30_000 },
  async () => {
    await using emulator = await cluster(async ({ stdout }) => {
      stdout.write(healthyOutput);
      return 0;
    });
    const stalled = emulator.faults.add({
      on: { verb: "list", resource: "jobs" },
      do: { kind: "stall" },
    });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const first = adapter.execute(fakeHost({ runId: "run-1" }).context);
    const isAsked = () =>
      emulator.requests.some(({ verb, url }) => verb === "list" && url.includes("agent-id"));
    await expect.poll(isAsked, { timeout: 10_000 }).toBe(true);
    const second = adapter.execute(fakeHost({ runId: "run-2" }).context);
    stalled[Symbol.dispose]();
    expect((await first).errorCode).toBe("k8s_concurrency_guard_unreachable");
    expect((await second).errorMessage).toBeNull();
    await expectNothingLeft(emulator);
  },
);

test(
  "an adopted run can be stopped, and says what its Job has not heard",
  { timeout: 20_000 },
  async () => {
    const { program, running } = busyProgram();
    await using emulator = await cluster(program);
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const first = fakeHost({ runId: "run-1" });
    const left = adapter.execute(first.context);
    await running;
    await expect.poll(() => first.output()).toContain(healthy[0]);
    first.cancel("Legacy controller lease lost");
    expect((await left).errorCode).toBe("k8s_run_detached");

    const second = fakeHost({ runId: "run-2", config: { terminationGraceSec: 1 } });
    const executed = adapter.execute(second.context);
    const adopted = () =>
      second.events.some(({ eventType }) => eventType === "claude_k8s.job.reattached");
    await expect.poll(adopted).toBe(true);
    await expect.poll(() => JSON.stringify(second.chunks)).toContain("running");
    second.cancel();
    const result = await executed;
    expect(result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" } },
    });
    expect(JSON.stringify(result.resultJson?.["warnings"])).toContain("was not given to it");
    expect((await objects(emulator)).filter((name) => name.startsWith("jobs/"))).toEqual([]);
  },
);

test(
  "a stop whose deletion is refused is not acknowledged, and names what is left",
  { timeout: 70_000 },
  async () => {
    const { program, running } = busyProgram();
    await using emulator = await cluster(program);
    emulator.deny({ verb: "delete", resource: "jobs" });
    const host = fakeHost({ config: { terminationGraceSec: 1 } });
    const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
    await running;
    await expect.poll(() => host.output()).toContain(healthy[0]);
    host.cancel();
    const result = await executed;
    expect(result.errorCode).toBe("cancelled");
    expect(result.errorMessage).toMatch(/not verified: the Job claude-/);
    expect(result.resultJson).not.toHaveProperty("executionCancellation");
  },
);
