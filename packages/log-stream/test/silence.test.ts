import { describe, expect, test } from "vitest";
import { followLog, type LogSource } from "../src/index.ts";
import { collect, target } from "./support/collect.ts";
import { jumpingClock } from "./support/jumping-clock.ts";
import { render, scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

const start = 1_767_323_045_000_000_000n;
const rows = Array.from({ length: 60 }, (_, i) => ({
  ns: start + BigInt(i) * 1_000n,
  text: `line ${i}`,
}));
const file = toFile(rows);
const all = rows.map((row) => row.text);

const isGone = async () => ({ kind: "gone" as const });

const complaint: LogSource["open"] = async () => ({
  kind: "open",
  timestamps: true,
  body: (async function* () {
    yield Buffer.from("unable to retrieve container logs for containerd://x");
  })(),
});

describe("a stream that is silent", () => {
  test("stays open while the log has no more; a probe reads a few records", async () => {
    const log = scriptedLog(file, [{ before: 40, how: "stay" }, {}, {}, { before: 20 }]);
    const got = await collect(log);
    const [follow, ...probes] = log.requests.slice(0, 4);
    expect(follow).toEqual({ follow: true, tailLines: undefined });
    expect(probes.map((probe) => probe.follow)).toEqual([false, false, false]);
    for (const { tailLines = Infinity } of probes) expect(tailLines).toBeLessThan(10);
    expect(got.texts).toEqual(all);
    expect(got.events.filter(({ type }) => type === "stream-open")).toHaveLength(1);
  });

  test("is left for a new one when the log has more: it is stuck on a rotated file", async () => {
    const log = scriptedLog(file, [{ before: 40, how: "stay" }, { before: 10 }, {}, {}]);
    const got = await collect(log);
    expect(got.texts).toEqual(all);
    expect(got.events).toContainEqual(
      expect.objectContaining({
        type: "stream-drop",
        cause:
          "the stream is silent although the log has more: it reads a file that was rotated away",
      }),
    );
    expect(got.events.filter(({ type }) => type === "gap")).toEqual([]);
  });

  test("is left also when nothing was delivered yet", async () => {
    const log = scriptedLog(file, [{ before: 0, how: "stay" }, { before: 10 }, {}, {}]);
    const got = await collect(log);
    expect(got.texts).toEqual(all);
    expect(log.requests.filter(({ follow }) => follow).length).toBeGreaterThan(1);
  });

  test("stays when the probe cannot be had, or is the kubelet's complaint", async () => {
    const log = scriptedLog(file, [
      { before: 40, how: "stay" },
      { answer: { kind: "failed", status: 500, message: "dial" } },
      { answer: { kind: "not-found" } },
      { how: "cut" },
      { how: "hang" },
      {},
    ]);
    let opens = 0;
    const source: LogSource = {
      open: (target, request) =>
        opens++ === 1 ? complaint(target, request) : log.source.open(target, request),
    };
    const got = await collect({ ...log, source });
    expect(log.requests.map(({ follow }) => follow).slice(0, 5)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(got.texts).toEqual(all);
  });

  test("in the middle of a long line of which the log has more is left", async () => {
    const long = "long ".repeat(9_000);
    const records = toFile([
      { ns: start, text: "first" },
      { ns: start + 9n, text: long },
    ]);
    const silent: Step = { before: 2, how: "stay", chunk: 65_536 };
    const got = await collect(scriptedLog(records, [silent, { before: 1 }, {}, {}, {}]));
    expect(got.texts).toEqual(["first", long]);
    expect(got.events.find(({ type }) => type === "stream-drop")).toMatchObject({
      cause: expect.stringContaining("although the log has more"),
    });
  });

  test("in the middle of a long line is not left for what it has shown of it", async () => {
    const long = toFile([
      { ns: start, text: "first" },
      { ns: start + 5n, text: "second" },
      { ns: start + 9n, text: "long ".repeat(9_000) },
    ]);
    const script: Step[] = [
      // The line's first two records come; the program is slow with the third.
      { before: 4, how: "stay", chunk: 65_536 },
      {},
      {},
      {},
    ];
    const log = scriptedLog(long, script);
    const got = await collect(log);
    expect(got.texts).toEqual(["first", "second", "long ".repeat(9_000)]);
    expect(log.requests.slice(1, 3).map(({ follow }) => follow)).toEqual([false, false]);
    expect(log.requests.findIndex(({ follow }, i) => follow && i > 0)).toBe(-1);
  });

  test("is looked into less and less often, and from the beginning after a line", async () => {
    const looks = Array.from({ length: 6 }, (): Step => ({}));
    const line: Step = { before: 1 };
    const log = scriptedLog(file, [{ before: 40, how: "stay" }, ...looks, line, line, {}]);
    const clock = jumpingClock();
    const probes: number[] = [];
    const source: LogSource = {
      async open(where, request) {
        if (!request.follow) probes.push(clock.now() / 1_000);
        const answer = await log.source.open(where, request);
        if (answer.kind !== "open" || !request.follow) return answer;
        return { ...answer, body: thenLine(answer.body, clock) };
      },
    };
    const signal = new AbortController().signal;
    for await (const event of followLog({ ...log, source, target, signal, clock }))
      if (event.type === "lines" && probes.length === 8) break;
    // A line comes after 600 s, and another one after 620 s.
    expect(probes).toEqual([8, 24, 56, 120, 248, 504, 608, 628]);
  });

  test("is waited for just as long when its pod is gone, whose program may still run", async () => {
    const clock = jumpingClock();
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield render(file.slice(0, 40));
      // Asked about after 8 s.
      await new Promise<void>((resolve) => void clock.after(13_000, resolve));
      yield render(file.slice(40));
    }
    const source: LogSource = {
      open: async () => ({ kind: "open", timestamps: true, body: body() }),
    };
    const signal = new AbortController().signal;
    const texts: string[] = [];
    for await (const event of followLog({ source, containerState: isGone, target, signal, clock }))
      if (event.type === "lines") texts.push(...event.lines.map(({ text }) => text));
    expect(texts).toEqual(all);
  });

  test("is not asked about while its lines come in time", async () => {
    const log = scriptedLog(file, [{ before: 60, how: "stay", chunk: 36 }, {}]);
    const clock = jumpingClock();
    // A line every five seconds.
    const source: LogSource = {
      open: async (target, request) => {
        const answer = await log.source.open(target, request);
        return answer.kind === "open" && request.follow
          ? { ...answer, body: paced(answer.body, clock) }
          : answer;
      },
    };
    const signal = new AbortController().signal;
    let lines = 0;
    for await (const event of followLog({ ...log, source, target, signal, clock })) {
      if (event.type === "lines") lines += event.lines.length;
      if (lines === 60) break;
    }
    expect(log.requests).toHaveLength(1);
  });
});

/** What there is; then a line at 600 s, one at 620 s, and one at 640 s. */
async function* thenLine(
  body: AsyncIterable<Uint8Array>,
  clock: ReturnType<typeof jumpingClock>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = render(file.slice(0, 40)).length;
  for await (const chunk of body) {
    yield chunk;
    left -= chunk.length;
    if (left === 0) break;
  }
  for (const [i, at] of [600, 620, 640].entries()) {
    await new Promise<void>((resolve) => void clock.after(at * 1_000 - clock.now(), resolve));
    yield render(file.slice(40 + i, 41 + i));
  }
  await new Promise(() => {});
}

async function* paced(
  body: AsyncIterable<Uint8Array>,
  clock: ReturnType<typeof jumpingClock>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    await new Promise<void>((resolve) => void clock.after(5_000, resolve));
    yield chunk;
  }
}

/** Shows the first 40 lines, is silent until the first probe has been answered, and shows lines from `from` on. */
function held(from: number, probe: Step) {
  const log = scriptedLog(file, [
    { before: 40, how: "stay" },
    { before: 20, ...probe },
    ...Array.from({ length: 8 }, (): Step => ({})),
  ]);
  let onProbe: (() => void) | undefined;
  const probed = new Promise<void>((resolve) => (onProbe = resolve));
  let opens = 0;
  async function* body(
    shown: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = shown[Symbol.asyncIterator]();
    let left = render(file.slice(0, 40)).length;
    while (left > 0) {
      const { value } = await chunks.next();
      if (value === undefined) return;
      yield value;
      left -= value.length;
    }
    await probed;
    yield render(file.slice(from));
  }
  const source: LogSource = {
    async open(where, request) {
      const nth = ++opens;
      const answer = await log.source.open(where, request);
      if (nth === 2) setImmediate(() => onProbe?.());
      return nth === 1 && answer.kind === "open" ? { ...answer, body: body(answer.body) } : answer;
    },
  };
  return { ...log, source };
}

describe("a stream that goes on after a silence", () => {
  const refused: Step = { answer: { kind: "failed", status: 500, message: "dial" } };

  test.each<[what: string, from: number, probe: Step, drops: number]>([
    ["with the line that the log has next is believed", 40, { before: 1 }, 0],
    ["with a later one has jumped: nothing is lost", 41, { before: 1 }, 1],
    ["that nobody could look into is not believed", 40, refused, 1],
    ["that nobody could look into, and has jumped, loses nothing", 50, refused, 1],
  ])("%s", async (_what, from, probe, drops) => {
    const got = await collect(held(from, probe));
    expect(got.texts).toEqual(all);
    expect(got.events.filter(({ type }) => type === "gap")).toEqual([]);
    const doubted = got.events.filter(
      (event) => event.type === "stream-drop" && event.cause.includes("could not be told"),
    );
    expect(doubted).toHaveLength(drops);
  });
});
