// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { createServerAdapter } from "../../src/index.ts";
import { busyProgram } from "../support/busy-program.ts";
import { cluster, withClaim } from "../support/cluster.ts";
import { fakeHost, image, namespace } from "../support/fake-host.ts";
import { memorySdk, msOf } from "../support/telemetry.ts";
import { healthy, healthyOutput, sessionId } from "../support/transcript.ts";
import { twoParts } from "../support/two-parts.ts";

/** A busy machine takes its time. */
const patient = { timeout: 20_000 };

const slow = { latency: { schedulingMs: 80, pullMs: 80, startMs: 80, logEndMs: 40 } };

function runSpan(spans: readonly ReadableSpan[]): ReadableSpan {
  const [run, ...more] = spans.filter(({ name }) => name === "claude_k8s.run");
  if (run === undefined || more.length > 0) throw new Error("not one run");
  return run;
}

test("a whole run: its span, its phases with their times, and its metrics", async () => {
  await using sdk = memorySdk();
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    await sleep(200);
    stdout.write(`${healthy.slice(1).join("\n")}\n`);
    return 0;
  }, slow);
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const before = Date.now();
  const result = await adapter.execute(fakeHost().context);
  const after = Date.now();
  expect(result.errorMessage).toBeNull();
  expect(JSON.stringify(result.resultJson)).not.toContain("telemetry");

  const run = runSpan(sdk.spans());
  expect(run.status.code).toBe(SpanStatusCode.UNSET);
  expect(run.parentSpanContext).toBeUndefined();
  expect(run.instrumentationScope.name).toBe("paperclip-adapter-claude-k8s");
  expect(run.attributes).toEqual({
    "claude_k8s.run_id": "run-1",
    "claude_k8s.agent_id": "agent-1",
    "claude_k8s.task_id": "task-1",
    "k8s.namespace.name": namespace,
    "k8s.job.name": expect.stringMatching(/^claude-/),
    "k8s.job.uid": expect.any(String),
    "k8s.pod.name": expect.stringMatching(/^claude-/),
    "k8s.node.name": "emulator-node",
    "claude_k8s.reattached": false,
    "claude_k8s.end": "exited",
    "claude_k8s.log": "verified",
    "claude_k8s.exit_code": 0,
    "claude_k8s.session_id": sessionId,
  });
  expect(msOf(run.startTime)).toBeGreaterThanOrEqual(before - 1);
  expect(msOf(run.endTime)).toBeLessThanOrEqual(after + 1);

  const phases = sdk.spans().filter((span) => span !== run);
  expect(phases.map(({ name }) => name)).toEqual(
    ["admit", "build", "create", "schedule", "start", "run", "settle", "clean_up"].map(
      (phase) => `claude_k8s.phase.${phase}`,
    ),
  );
  let last = msOf(run.startTime);
  for (const phase of phases) {
    expect(phase.parentSpanContext?.spanId).toBe(run.spanContext().spanId);
    expect(msOf(phase.startTime)).toBeGreaterThanOrEqual(last);
    expect(msOf(phase.endTime)).toBeGreaterThanOrEqual(msOf(phase.startTime));
    last = msOf(phase.endTime);
  }
  expect(last).toBeLessThanOrEqual(msOf(run.endTime));
  const program = phases.find(({ name }) => name.endsWith(".run"));
  expect(msOf(program?.duration ?? [0, 0])).toBeGreaterThan(100);

  expect(await sdk.points("claude_k8s.runs")).toEqual([
    { name: "claude_k8s.runs", unit: "{run}", attributes: { error_code: "ok" }, value: 1 },
  ]);
  expect(await sdk.points("claude_k8s.runs.active")).toMatchObject([{ attributes: {}, value: 0 }]);
  const measured = (await sdk.points()).filter(({ unit }) => unit === "s");
  expect(measured.map(({ name }) => name)).toEqual([
    "claude_k8s.run.duration",
    ...["admit", "schedule", "start", "run", "settle"].map(
      (phase) => `claude_k8s.phase.${phase}.duration`,
    ),
  ]);
  for (const { name, count, attributes, value, bounds } of measured) {
    expect([name, count, attributes]).toEqual([name, 1, {}]);
    expect(value).toBeLessThan(after - before);
    expect(bounds?.at(-1)).toBeGreaterThanOrEqual(120);
  }
});

test("a run that fails has its code, and no secret", async () => {
  await using sdk = memorySdk();
  await using emulator = await cluster(async ({ stdout, env }) => {
    stdout.write(`the key is ${env["MY_API_KEY"]}\n`);
    return 3;
  });
  const host = fakeHost({ config: { env: { MY_API_KEY: "correct-horse-battery" } } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorCode).toBe("claude_init_failed");
  const run = runSpan(sdk.spans());
  expect(run.status).toEqual({
    code: SpanStatusCode.ERROR,
    message: `claude_init_failed: ${result.errorMessage}`,
  });
  expect(run.status.message).toContain("the key is ***REDACTED***");
  expect(run.attributes).toMatchObject({
    "claude_k8s.error_code": "claude_init_failed",
    "error.type": "claude_init_failed",
    "claude_k8s.exit_code": 3,
  });
  const said = sdk.spans().map(({ name, attributes, status }) => ({ name, attributes, status }));
  for (const secret of ["correct-horse-battery", "token-of-the-run"])
    expect(JSON.stringify(said)).not.toContain(secret);
  expect(await sdk.points("claude_k8s.runs")).toMatchObject([
    { attributes: { error_code: "claude_init_failed" }, value: 1 },
  ]);
});

test("a run that is refused before a cluster is asked is a run as well", async () => {
  await using sdk = memorySdk();
  await createServerAdapter().execute(fakeHost({ config: { busyWaitSec: -1 } }).context);
  const run = runSpan(sdk.spans());
  expect(run.status.message).toMatch(/^configuration_incomplete: Settings: busyWaitSec/);
  expect(sdk.spans()).toHaveLength(1);
  expect(await sdk.points("claude_k8s.runs")).toMatchObject([
    { attributes: { error_code: "configuration_incomplete" }, value: 1 },
  ]);
  expect(await sdk.points("claude_k8s.runs.active")).toMatchObject([{ value: 0 }]);
});

test("the run is a child of what the host has active, and active runs are counted live", async () => {
  await using sdk = memorySdk();
  const { program, running } = busyProgram();
  await using emulator = await cluster(program);
  const host = fakeHost({ config: { terminationGraceSec: 1 } });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const request = trace.getTracer("host").startSpan("a request of the host's");
  const executed = context.with(trace.setSpan(context.active(), request), () =>
    adapter.execute(host.context),
  );
  await running;
  expect(await sdk.points("claude_k8s.runs.active")).toMatchObject([{ value: 1 }]);
  expect(await sdk.points("claude_k8s.runs")).toEqual([]);
  await expect.poll(() => host.output(), patient).toContain(healthy[0]);
  host.cancel();
  await executed;
  request.end();
  const run = runSpan(sdk.spans());
  expect(run.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  expect(run.attributes).toMatchObject({
    "claude_k8s.error_code": "cancelled",
    "claude_k8s.stopped_for": "cancelled",
  });
  expect(sdk.spans().map(({ name }) => name)).toContain("claude_k8s.phase.stop");
  expect(await sdk.points("claude_k8s.runs.active")).toMatchObject([{ value: 0 }]);
});

test("a session that is begun anew: one run, and the phases of both its Jobs", async () => {
  await using sdk = memorySdk();
  let runs = 0;
  await using emulator = await cluster(async ({ argv, stdout, stderr }) => {
    runs += 1;
    if (!argv.includes("--resume")) {
      stdout.write(healthyOutput);
      return 0;
    }
    stderr.write(`No conversation found with session ID: ${sessionId}\n`);
    return 1;
  });
  await withClaim(emulator, "claim");
  const host = fakeHost({
    config: { workspaceVolumeClaim: "claim" },
    runtime: { sessionId, sessionParams: { sessionId, place: "runs/claim" } },
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorMessage).toBeNull();
  expect(runs).toBe(2);
  runSpan(sdk.spans());
  const creations = sdk.spans().filter(({ name }) => name === "claude_k8s.phase.create");
  expect(creations).toHaveLength(2);
  expect(await sdk.points("claude_k8s.runs")).toMatchObject([{ value: 1 }]);
  expect(await sdk.points("claude_k8s.phase.settle.duration")).toMatchObject([{ count: 2 }]);
});

test("an image that is slow to come shows in a phase of its own", async () => {
  await using sdk = memorySdk();
  await using emulator = await startEmulator({ namespaces: [namespace], ...slow });
  const host = fakeHost();
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  const said = () => host.chunks.map(({ text }) => text).join("");
  await expect.poll(said, patient).toContain(": pulling");
  emulator.program(image, async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  expect((await executed).errorMessage).toBeNull();
  expect(sdk.spans().map(({ name }) => name)).toContain("claude_k8s.phase.pull");
  const [pull] = await sdk.points("claude_k8s.phase.pull.duration");
  expect(pull).toMatchObject({ count: 1, unit: "s" });
  expect(pull?.value).toBeGreaterThan(0);
});

test("of an adopted Job only what the run itself did is measured", async () => {
  await using sdk = memorySdk();
  const [begin = "", ...rest] = healthy;
  const { program, middle, goOn } = twoParts(`${begin}\n`, `${rest.join("\n")}\n`);
  await using emulator = await cluster(program, slow);
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const first = fakeHost({ runId: "run-1" });
  const left = adapter.execute(first.context);
  await middle;
  await expect.poll(() => first.output(), patient).toContain(healthy[0]);
  first.cancel("Legacy controller lease lost");
  expect((await left).errorCode).toBe("k8s_run_detached");
  const second = fakeHost({ runId: "run-2" });
  const executed = adapter.execute(second.context);
  await expect.poll(() => JSON.stringify(second.chunks), patient).toContain("running");
  goOn();
  expect((await executed).errorMessage).toBeNull();

  const [adopting] = sdk.spans().filter(({ attributes }) => attributes["claude_k8s.reattached"]);
  expect(adopting?.attributes).toMatchObject({ "claude_k8s.run_id": "run-2" });
  const countOf = async (phase: string) =>
    (await sdk.points(`claude_k8s.phase.${phase}.duration`))[0]?.count;
  expect(await countOf("admit")).toBe(2);
  expect(await countOf("run")).toBe(1);
  expect(await countOf("settle")).toBe(1);
  const outcomes = await sdk.points("claude_k8s.runs");
  expect(outcomes.map(({ attributes, value }) => [attributes["error_code"], value])).toEqual([
    ["k8s_run_detached", 1],
    ["ok", 1],
  ]);
});
