// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { hostSink } from "../src/host/sink.ts";
import { createServerAdapter } from "../src/index.ts";
import { textOf } from "../src/untyped.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";

const never = () => new Promise<never>(() => {});

const waiting = (onRunning: () => void) =>
  cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    onRunning();
    await sleep(60_000);
    return 0;
  });

test("a stop reaches the Job of a host that takes no output", { timeout: 20_000 }, async () => {
  const asked = Promise.withResolvers<void>();
  await using emulator = await waiting(() => {});
  const host = fakeHost({ config: { terminationGraceSec: 1 } });
  const executed = createServerAdapter({
    kubeConfig: emulator.kubeConfig,
  }).execute({
    ...host.context,
    onLog: (stream) => {
      if (stream === "stdout") asked.resolve();
      return never();
    },
    onEvent: never,
    onMeta: never,
    onRuntimeProgress: never,
  });
  await asked.promise;
  host.cancel();
  expect(await executed).toMatchObject({
    errorCode: "cancelled",
    resultJson: { executionCancellation: { state: "acknowledged" } },
  });
  await expectNothingLeft(emulator);
});

test.each<[what: string, ready: () => Promise<void>]>([
  ["does not answer", never],
  ["throws", () => Promise.reject(new Error("not now"))],
])("onCancellationReady that %s: the run goes on", { timeout: 15_000 }, async (_what, ready) => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute({
    ...fakeHost().context,
    onCancellationReady: ready,
  });
  expect(result.errorMessage).toBeNull();
  expect(result.resultJson).toMatchObject({
    warnings: expect.arrayContaining([expect.stringContaining("onCancellationReady: ")]),
  });
});

test("onDispatch that throws stops no run", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute({
    ...fakeHost().context,
    onDispatch: () => {
      throw new Error("not now");
    },
  });
  expect(result.errorMessage).toBeNull();
  expect(result.resultJson).toMatchObject({
    warnings: expect.arrayContaining(["onDispatch: not now"]),
  });
});

test("output waits for the host, however long; everything else has a limit", async () => {
  const taken = Promise.withResolvers<void>();
  const sink = hostSink(
    { onLog: (stream) => (stream === "stdout" ? taken.promise : never()), onEvent: never },
    { limitMs: 5 },
  );
  await sink.event("x", "y");
  await sink.note("z");
  expect(sink.failures).toEqual([
    "onEvent: no answer within 5 ms",
    "onLog stderr: no answer within 5 ms",
  ]);
  let isTaken = false;
  const given = sink.output("line\n").then(() => (isTaken = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isTaken).toBe(false);
  taken.resolve();
  await given;
});

test("whatever is thrown has words", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  expect(textOf(circular)).toBe("[object Object]");
  expect(textOf(1n)).toBe("1");
  expect(textOf(undefined)).toBe("undefined");
});
