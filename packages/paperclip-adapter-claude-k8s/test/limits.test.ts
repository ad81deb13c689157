import { type Clock, realClock } from "@claude-k8s/kube-http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type StopReason, stopReason } from "../src/cancel/stop-reason.ts";
import { hostSink } from "../src/host/sink.ts";
import type { Cluster } from "../src/run/cluster.ts";
import type { JobHold } from "../src/run/job-hold.ts";
import { runLimits } from "../src/run/limits.ts";
import { newObservation, type Observation } from "../src/run/observation.ts";
import type { Onlooker } from "../src/run/onlooker.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { fakeHost, type FakeHost } from "./support/fake-host.ts";
import { healthy } from "./support/transcript.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Limited {
  readonly limits: Onlooker;
  readonly seen: Observation;
  readonly host: FakeHost;
  write(...lines: string[]): void;
  stopped(): StopReason | undefined;
  seconds(count: number): Promise<void>;
}

function limited(config: Record<string, unknown>): Limited {
  const { settings, problems } = parseSettings(config);
  expect(problems).toEqual([]);
  const stopping = new AbortController();
  const seen = newObservation();
  seen.isListening = true;
  const host = fakeHost();
  const job = { name: "j", namespace: "n", uid: "u", reattached: false };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- limits ask nothing of a cluster
  const cluster = {} as unknown as Cluster;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nor of a supervisor
  const hold = {} as JobHold;
  const clock: Clock = realClock;
  const limits = runLimits(
    { job, hold, cluster, sink: hostSink(host.context), settings, seen },
    stopping,
    clock,
  );
  return {
    limits,
    seen,
    host,
    write: (...lines) => limits.output(seen.transcript.push(`${lines.join("\n")}\n`, lines.length)),
    stopped: () => stopReason(stopping.signal),
    seconds: async (count) => void (await vi.advanceTimersByTimeAsync(count * 1_000)),
  };
}

const [init = "", said = "", result = ""] = healthy;
const open = JSON.stringify({
  type: "system",
  subtype: "background_tasks_changed",
  tasks: [{ task_id: "b1" }],
});
const none = { startTimeoutSec: 0, timeoutSec: 0, idleSec: 0, afterResultSec: 0 };

test("the time limit counts from the running program, its grace on top", async () => {
  const run = limited({ ...none, timeoutSec: 60, graceSec: 5 });
  run.limits.phase("scheduling");
  await run.seconds(1_000);
  run.limits.phase("running");
  await run.seconds(64);
  expect(run.stopped()).toBeUndefined();
  await run.seconds(2);
  expect(run.stopped()).toEqual({ kind: "deadline", limit: "run", limitMs: 65_000 });
});

test("the start's limit counts from the node, and not once the program runs", async () => {
  const waiting = limited({ ...none, startTimeoutSec: 60 });
  waiting.limits.phase("scheduling");
  await waiting.seconds(1_000);
  expect(waiting.stopped()).toBeUndefined();
  waiting.limits.phase("pulling");
  await waiting.seconds(61);
  expect(waiting.stopped()).toEqual({ kind: "deadline", limit: "start", limitMs: 60_000 });

  const running = limited({ ...none, startTimeoutSec: 60 });
  running.limits.phase("starting");
  await running.seconds(59);
  running.limits.phase("running");
  await running.seconds(1_000);
  expect(running.stopped()).toBeUndefined();
});

test("an idle program is told of once for each silence, and runs on", async () => {
  const run = limited({ ...none, idleSec: 100 });
  run.limits.phase("running");
  await run.seconds(90);
  run.write(init);
  await run.seconds(90);
  expect(run.host.events).toEqual([]);
  await run.seconds(500);
  expect(run.host.events).toMatchObject([
    { eventType: "claude_k8s.limit", payload: { limit: "idle" } },
  ]);
  run.write(said);
  await run.seconds(150);
  expect(run.host.events).toHaveLength(2);
  expect(run.stopped()).toBeUndefined();
});

test("idleAction stop ends it, but not for a silence of the log's connection", async () => {
  const run = limited({ ...none, idleSec: 100, idleAction: "stop" });
  run.limits.phase("running");
  run.seen.isListening = false;
  await run.seconds(1_000);
  expect(run.stopped()).toBeUndefined();
  run.seen.isListening = true;
  await run.seconds(101);
  expect(run.stopped()).toEqual({ kind: "deadline", limit: "idle", limitMs: 100_000 });
});

test("after a result, work in the background has its limit, and a new turn its time", async () => {
  const run = limited({ ...none, afterResultSec: 600 });
  run.limits.phase("running");
  run.write(init, said, open, result);
  await run.seconds(500);
  run.write(init, said);
  await run.seconds(5_000);
  expect(run.stopped()).toBeUndefined();
  run.write(result);
  await run.seconds(599);
  expect(run.stopped()).toBeUndefined();
  await run.seconds(2);
  expect(run.stopped()).toEqual({ kind: "after-result", limitMs: 600_000, openTasks: ["b1"] });
});

test("after a result with nothing left to do the program has two minutes to exit", async () => {
  const run = limited({ ...none, afterResultSec: 600 });
  run.limits.phase("running");
  run.write(init, said, result);
  await run.seconds(119);
  expect(run.stopped()).toBeUndefined();
  await run.seconds(2);
  expect(run.stopped()).toEqual({ kind: "after-result", limitMs: 120_000, openTasks: [] });
});

test("no limit passes that is switched off or disarmed", async () => {
  const off = limited(none);
  const disarmed = limited({
    startTimeoutSec: 1,
    timeoutSec: 1,
    idleSec: 1,
    idleAction: "stop",
    afterResultSec: 1,
  });
  for (const run of [off, disarmed]) {
    run.limits.phase("pulling");
    run.limits.phase("running");
    run.write(init, said, result);
  }
  disarmed.limits.disarm();
  await off.seconds(100_000);
  expect(off.stopped()).toBeUndefined();
  expect(disarmed.stopped()).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});
