import { getEventListeners } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followLog, type FollowOptions, type LogAnswer } from "../src/index.ts";
import { target } from "./support/collect.ts";
import { jumpingClock } from "./support/jumping-clock.ts";
import { scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

let spoolFolder = "";
beforeAll(async () => {
  spoolFolder = await mkdtemp(join(tmpdir(), "abort-everywhere-"));
});
afterAll(() => rm(spoolFolder, { recursive: true }));

const start = 1_767_323_045_000_000_000n;
const file = toFile(
  Array.from({ length: 300 }, (_, i) => ({ ns: start + BigInt(i) * 1_000n, text: `line ${i}` })),
);

/** Through everything a follow does: waiting, cuts, tails that are too short, a silent stream, a rotation, last reads. */
const script: Step[] = [
  { answer: { kind: "not-started", message: "none" } },
  { before: 10, how: "cut" },
  { answer: { kind: "busy", retryAfterMs: 50 } },
  { before: 100, how: "stay" },
  {},
  {},
  { before: 3, how: "stay" },
  {},
  { before: 5 },
  {},
  {},
  { before: 80, rotate: true },
  {},
  {},
  { before: 20, how: "cut" },
  { answer: { kind: "not-found" } },
  { before: 5 },
];

const never = (): Promise<never> => new Promise(() => {});

type Watched = {
  readonly options: Omit<FollowOptions, "signal">;
  /** Calls of the ports so far: each is awaited by somebody. */
  calls(): number;
  /** What was opened and not let go of. */
  open(): number;
  readonly clock: ReturnType<typeof jumpingClock>;
};

/** A follow whose `stuckAt`th call of a port never comes back, whatever is aborted; then `onStuck` is called. */
function watched(stuckAt: number, onStuck: () => void): Watched {
  const log = scriptedLog(file, script);
  const clock = jumpingClock();
  let calls = 0;
  let open = 0;
  const point = <T>(work: () => Promise<T>): Promise<T> => {
    if (++calls !== stuckAt) return work();
    onStuck();
    return never();
  };
  const opened = (answer: Extract<LogAnswer, { kind: "open" }>): LogAnswer => {
    const iterator = answer.body[Symbol.asyncIterator]();
    open++;
    let isOpen = true;
    const close = (): void => {
      if (isOpen) open--;
      isOpen = false;
    };
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      const result = await point(() => iterator.next()).catch((error: unknown) => {
        close();
        throw error;
      });
      if (result.done === true) close();
      return result;
    };
    const leave = async (): Promise<IteratorResult<Uint8Array>> => {
      close();
      return { done: true, value: undefined };
    };
    return { ...answer, body: { [Symbol.asyncIterator]: () => ({ next, return: leave }) } };
  };
  return {
    clock,
    calls: () => calls,
    open: () => open,
    options: {
      target,
      spoolFolder,
      source: {
        open: (where, request) =>
          point(async () => {
            const answer = await log.source.open(where, request);
            return answer.kind === "open" ? opened(answer) : answer;
          }),
      },
      containerState: (signal) => point(() => log.containerState(signal)),
      clock: {
        now: () => clock.now(),
        after: (ms, run) => {
          if (++calls !== stuckAt) return clock.after(ms, run);
          onStuck();
          return () => {};
        },
      },
    },
  };
}

async function read(options: FollowOptions, onEvent: (nth: number) => void): Promise<string> {
  let events = 0;
  for await (const event of followLog(options)) {
    if (event.type === "end") return "ended";
    onEvent(++events);
    if (events > 1_000) return "endless";
  }
  return "left";
}

/** Aborts as soon as it is stuck, or at an event, and says what is left. */
async function abortAt(at: { call?: number; event?: number }): Promise<object> {
  const controller = new AbortController();
  const reason = new Error("stop");
  let abortedAt = Infinity;
  const abort = (): void => {
    abortedAt = performance.now();
    controller.abort(reason);
  };
  const follow = watched(at.call ?? Infinity, () => setImmediate(abort));
  const { signal } = controller;
  const ended = await read({ ...follow.options, signal }, (nth) => {
    if (nth === at.event) abort();
  }).catch((error: unknown) => error);
  // A timer that nobody waits for holds nothing up: the follow may be over first.
  const wasFirst = ended === "ended" && abortedAt === Infinity;
  const late = performance.now() - abortedAt;
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  return {
    thrown: ended === reason || wasFirst,
    inTime: late < 100,
    open: follow.open(),
    timers: follow.clock.pending(),
    listeners: getEventListeners(signal, "abort").length,
    files: await readdir(spoolFolder),
  };
}

const clean = { thrown: true, inTime: true, open: 0, timers: 0, listeners: 0, files: [] };

describe("an abort ends the follow at once and leaves no stream, timer, listener or file", () => {
  test("whatever is being waited for, though it ignores the abort", async () => {
    const follow = watched(Infinity, () => {});
    const { signal } = new AbortController();
    expect(await read({ ...follow.options, signal }, () => {})).toBe("ended");
    const calls = follow.calls();
    expect(calls).toBeGreaterThan(150);
    const wrong: object[] = [];
    for (let call = 1; call <= calls; call++) {
      const left = await abortAt({ call });
      if (JSON.stringify(left) !== JSON.stringify(clean)) wrong.push({ call, ...left });
    }
    expect(wrong).toEqual([]);
  });

  test("at every event", async () => {
    const follow = watched(Infinity, () => {});
    const { signal } = new AbortController();
    let events = 0;
    await read({ ...follow.options, signal }, (nth) => (events = nth));
    expect(events).toBeGreaterThan(20);
    for (let event = 1; event <= events; event++)
      expect({ event, ...(await abortAt({ event })) }).toEqual({ event, ...clean });
  });
});
