import { afterEach, expect, test, vi } from "vitest";
import { createShutdown, processShutdown, type RunningRun } from "../src/cancel/shutdown.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const running = (unwritten = false, settled: Promise<unknown> = Promise.resolve()): RunningRun => ({
  stop: new AbortController(),
  unwritten: () => unwritten,
  settled,
});

/** The process must not really end; what is seen here is that it would. */
const raised = () => vi.spyOn(process, "kill").mockImplementation(() => true);

test("it listens only while runs are going on", () => {
  const before = process.listenerCount("SIGTERM");
  const shutdown = createShutdown();
  const [a, b] = [running(), running()];
  shutdown.add(a);
  shutdown.add(b);
  expect(process.listenerCount("SIGTERM")).toBe(before + 1);
  shutdown.remove(a);
  expect(process.listenerCount("SIGTERM")).toBe(before + 1);
  shutdown.remove(b);
  shutdown.remove(b);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

test("alone, it detaches the runs and raises the signal again at once", () => {
  const kill = raised();
  const shutdown = createShutdown();
  const run = running();
  shutdown.add(run);
  process.emit("SIGTERM");
  expect(run.stop.signal.reason).toEqual({ kind: "host-shutdown" });
  expect(kill).toHaveBeenCalledWith(process.pid, "SIGTERM");
  expect(process.listenerCount("SIGTERM")).toBe(0);
});

test("with a host that listens, it leaves the process to the host", () => {
  const kill = raised();
  const drain = vi.fn<() => void>();
  process.once("SIGTERM", drain);
  const shutdown = createShutdown();
  const run = running();
  shutdown.add(run);
  process.emit("SIGTERM");
  expect(run.stop.signal.aborted).toBe(true);
  expect(drain).toHaveBeenCalledOnce();
  expect(kill).not.toHaveBeenCalled();
});

test("a host that began to listen after the first run counts as well", () => {
  const kill = raised();
  const shutdown = createShutdown();
  shutdown.add(running());
  process.once("SIGTERM", () => {});
  process.emit("SIGTERM");
  expect(kill).not.toHaveBeenCalled();
});

test("what is unwritten is waited for before the signal is raised", async () => {
  const kill = raised();
  const written = Promise.withResolvers<void>();
  const shutdown = createShutdown();
  shutdown.add(running(true, written.promise));
  process.emit("SIGTERM");
  expect(kill).not.toHaveBeenCalled();
  written.resolve();
  await expect.poll(() => kill.mock.calls.length).toBe(1);
});

test("two adapters of one process are one listener, or neither would raise the signal", () => {
  const kill = raised();
  const [a, b] = [running(), running()];
  processShutdown().add(a);
  processShutdown().add(b);
  process.emit("SIGTERM");
  expect([a, b].map(({ stop }) => stop.signal.aborted)).toEqual([true, true]);
  expect(kill).toHaveBeenCalledOnce();
});
