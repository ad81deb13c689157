import type { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  apiLogSource,
  type ContainerState,
  followLog,
  type LogApiLike,
  type LogEvent,
} from "../src/index.ts";
import { target } from "./support/collect.ts";

const ended: ContainerState = async () => ({ kind: "terminated" });
/** Not ended for so many askings. */
const endedAfter = (asked: number): ContainerState => {
  let left = asked;
  return async () => ({ kind: left-- > 0 ? "unknown" : "terminated" });
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Write = (writable: Writable, nth: number) => unknown;

function apiOf(write: Write): LogApiLike & { calls: number } {
  const api = {
    calls: 0,
    log: async (_ns: string, _pod: string, _container: string, writable: Writable) =>
      write(writable, api.calls++),
  };
  return api;
}

async function follow(
  api: LogApiLike,
  containerState: ContainerState,
  { ms = 3_000, signal = new AbortController().signal }: { ms?: number; signal?: AbortSignal } = {},
): Promise<LogEvent[] | Error> {
  const events: LogEvent[] = [];
  const read = async (): Promise<LogEvent[]> => {
    const source = apiLogSource(api);
    for await (const event of followLog({ source, target, containerState, signal }))
      events.push(event);
    return events;
  };
  const done = read().catch((error: Error) => error);
  await vi.advanceTimersByTimeAsync(ms);
  const unfinished = vi.advanceTimersByTimeAsync(0).then(() => new Error("it has not ended"));
  return Promise.race([done, unfinished]);
}

function textsOf(events: LogEvent[] | Error): string[] {
  if (events instanceof Error) throw events;
  return events.flatMap((event) => (event.type === "lines" ? event.lines.map((l) => l.text) : []));
}

describe("a log() that ignores timestamps, writes and resolves", () => {
  test("is read once more for the proof, and nothing comes twice", async () => {
    const api = apiOf((writable) => void writable.write("one\ntwo\n"));
    const events = await follow(api, ended);
    expect(textsOf(events)).toEqual(["one", "two"]);
    expect(events).toMatchObject([{}, {}, { type: "end", proof: "verified", lines: 2 }]);
    expect(api.calls).toBe(2);
  });

  test("brings the rest when it is opened again", async () => {
    const api = apiOf(
      (writable, nth) => void writable.write(nth === 0 ? "one\n" : "one\ntwo\nthree"),
    );
    const events = await follow(api, endedAfter(3), { ms: 10_000 });
    expect(textsOf(events)).toEqual(["one", "two", "three"]);
    expect(events).toContainEqual(
      expect.objectContaining({
        lines: [expect.objectContaining({ text: "three", noNewline: true })],
      }),
    );
  });

  test("is asked again within 3 s for as long as the container has not ended", async () => {
    const api = apiOf((writable) => void writable.write("one\n"));
    const states: number[] = [];
    const containerState: ContainerState = async () => {
      states.push(Date.now());
      return { kind: states.length > 12 ? "terminated" : "unknown" };
    };
    const events = await follow(api, containerState, { ms: 40_000 });
    expect(textsOf(events)).toEqual(["one"]);
    const pauses = states.slice(1).map((at, i) => at - (states[i] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(3_000);
  });

  test("that shows less when read again is no proof", async () => {
    const api = apiOf((writable, nth) => void (nth === 0 && writable.write("one\ntwo\n")));
    const events = await follow(api, ended);
    expect(textsOf(events)).toEqual(["one", "two"]);
    expect(events).toMatchObject([{}, {}, { type: "end", proof: "unverified" }]);
  });

  test("that shows another log reports a gap", async () => {
    const api = apiOf((writable, nth) => void writable.write(nth === 0 ? "one\n" : "a\nb\n"));
    const events = await follow(api, endedAfter(1), { ms: 10_000 });
    expect(textsOf(events)).toEqual(["one", "a", "b"]);
    expect(events).toContainEqual({ type: "gap", certainty: "possible" });
  });
});

const stampedLine = (n: number): string => `2026-01-02T03:04:0${n}.5Z line ${n}\n`;

test("a log() with timestamps is followed by position", async () => {
  const tails: (number | undefined)[] = [];
  const api: LogApiLike = {
    log: async (_ns, _pod, _container, writable, options) => {
      expect(options?.timestamps).toBe(true);
      tails.push(options?.tailLines);
      writable.end(stampedLine(1) + stampedLine(2) + (tails.length > 1 ? stampedLine(3) : ""));
    },
  };
  const events = await follow(api, endedAfter(1), { ms: 10_000 });
  expect(textsOf(events)).toEqual(["line 1", "line 2", "line 3"]);
  expect(tails).toEqual([undefined, 6, 6]);
});

test("a log() that resolves early with something abortable ends with its writable", async () => {
  const api = apiOf((writable) => {
    setTimeout(() => writable.write("one\n"), 10);
    setTimeout(() => writable.end("two\n"), 20);
    return new AbortController();
  });
  expect(textsOf(await follow(api, ended))).toEqual(["one", "two"]);
});

test("a log() that never resolves is left on abort, and its writable destroyed", async () => {
  let writable: Writable | undefined;
  const api = apiOf((given) => {
    writable = given;
    return new Promise(() => {});
  });
  const controller = new AbortController();
  const reason = new Error("stop");
  setTimeout(() => controller.abort(reason), 15_000);
  expect(
    await follow(api, async () => ({ kind: "unknown" }), { ms: 15_100, signal: controller.signal }),
  ).toBe(reason);
  expect(writable?.destroyed).toBe(true);
  expect(api.calls).toBe(1);
});

test("a log() that never resolves after the container has ended is left by itself", async () => {
  const api = apiOf((writable, nth) => {
    writable.write("one\n");
    return nth === 0 ? new Promise(() => {}) : undefined;
  });
  expect(textsOf(await follow(api, ended, { ms: 30_000 }))).toEqual(["one"]);
});

test.each([
  ["a status", Object.assign(new Error("no"), { code: 403 }), "LOG_STREAM_DENIED"],
  [
    "a nested status",
    Object.assign(new Error("no"), { response: { statusCode: 403 } }),
    "LOG_STREAM_DENIED",
  ],
  ["neither status nor network code", new Error("odd"), "LOG_STREAM_GAVE_UP"],
])("a rejection with %s is an answer", async (_what, error, code) => {
  const api = apiOf(() => Promise.reject(error));
  expect(await follow(api, ended)).toMatchObject({ code });
});

test("a rejection with a network code is tried again", async () => {
  const api = apiOf((writable, nth) => {
    if (nth === 0) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    writable.write("one\n");
  });
  expect(textsOf(await follow(api, endedAfter(1), { ms: 10_000 }))).toEqual(["one"]);
});
