import { expect, test } from "vitest";
import { type ContainerState, followLog, type LogSource } from "../src/index.ts";
import { target } from "./support/collect.ts";
import { jumpingClock } from "./support/jumping-clock.ts";
import { scriptedLog, toFile } from "./support/scripted-log.ts";

const file = toFile([{ ns: 1n, text: "one" }]);
const never = <T>(): Promise<T> => new Promise(() => {});
const running: ContainerState = async () => ({ kind: "running" });

const silence: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: never, return: never }),
};

const silent: LogSource["open"] = async () => ({
  kind: "open",
  body: silence,
  timestamps: true,
});

test.each<[where: string, open: LogSource["open"], containerState: ContainerState]>([
  ["while opening", never, running],
  ["while reading, though the body ignores it", silent, running],
  ["while the container's state is asked", async () => ({ kind: "not-found" }), never],
  ["in a pause", async () => ({ kind: "busy", retryAfterMs: 3_600_000 }), running],
  ["in a last read", silent, async () => ({ kind: "terminated" })],
])(
  "an abort %s ends the follow with its reason and leaves no timer",
  async (_where, open, state) => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("stop");
    let timers = 0;
    const clock = {
      now: () => 0,
      after: () => {
        timers++;
        return () => void timers--;
      },
    };
    const options = { source: { open }, target, containerState: state, signal, clock };
    const read = async (): Promise<void> => {
      for await (const _ of followLog(options));
    };
    // Counted from the abort: how late the timer comes is the machine's affair.
    let abortedAt = Infinity;
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort(reason);
    }, 10);
    await expect(read()).rejects.toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(100);
    expect(timers).toBe(0);
  },
);

test("a signal that was aborted before opens nothing", async () => {
  const log = scriptedLog(file, []);
  const signal = AbortSignal.abort("stop");
  const iterator = followLog({ ...log, target, signal, clock: jumpingClock() })[
    Symbol.asyncIterator
  ]();
  await expect(iterator.next()).rejects.toBe("stop");
  expect(log.requests).toEqual([]);
});

test.each(["leaving", "throwing in"])(
  "%s the loop closes the stream and leaves no timer",
  async (how) => {
    const log = scriptedLog(file, [{ before: 1 }, { before: 1, how: "hang" }]);
    const clock = jumpingClock();
    const signal = new AbortController().signal;
    const read = async (): Promise<void> => {
      for await (const event of followLog({ ...log, target, signal, clock })) {
        if (event.type !== "lines") continue;
        expect(log.open()).toBe(1);
        if (how === "leaving") break;
        throw new Error("consumer");
      }
    };
    const thrown: unknown = await read().catch((caught: unknown) => caught);
    expect(thrown).toEqual(how === "leaving" ? undefined : new Error("consumer"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log.open()).toBe(0);
    expect(clock.pending()).toBe(0);
  },
);
