import { describe, expect, test } from "vitest";

import { createContainerLog, type ContainerLog } from "../src/container-log.ts";
import { createLogClock } from "../src/log-clock.ts";
import { openLog, type LogQuery, type LogReading } from "../src/log-read.ts";

/** A log whose clock stands still until it is moved. */
function logAt(maxBytes = 1e9, grainMs = 0) {
  let now = 1_700_000_000_000;
  const clock = createLogClock(() => now, grainMs);
  const log = createContainerLog(maxBytes, clock.stamps());
  const write = (text: string, stream: "stdout" | "stderr" = "stdout"): void =>
    log.append(stream, Buffer.from(text));
  return { log, clock, write, pass: (ms: number) => (now += ms) };
}

function open(log: ContainerLog, query: Partial<LogQuery>, reading: Partial<LogReading> = {}) {
  return openLog(
    log,
    { follow: false, timestamps: false, ...query },
    {
      zoneMinutes: 0,
      stuckFollow: false,
      trouble: () => undefined,
      signal: new AbortController().signal,
      ...reading,
    },
  );
}

async function print(
  log: ContainerLog,
  query: Partial<LogQuery> = {},
  reading: Partial<LogReading> = {},
): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of open(log, query, reading)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

const seconds = (value: number) => ({ seconds: 1_700_000_000 + value, nanos: 0 });

describe("records", () => {
  test("tailLines counts records: of a long line and an unterminated one, two are a fragment and the tail", async () => {
    const { log, write } = logAt();
    write(`${"x".repeat(50_000)}\ntail`);
    log.flush();
    expect(log.file.records).toBe(5);
    expect(await print(log, { tailLines: 1 })).toBe("tail");
    const two = await print(log, { tailLines: 2, timestamps: true });
    expect(two).toMatch(/^2023-11-14T22:13:20\.\d{9}Z x{848}\n2023-\S+ tail$/);
    expect(await print(log, { tailLines: 0 })).toBe("");
    expect(await print(log, { tailLines: 99 })).toBe(`${"x".repeat(50_000)}\ntail`);
  });

  test("tailLines over many blocks is what a whole read ends with", async () => {
    const { log, write } = logAt();
    const lines = Array.from({ length: 3000 }, (_, number) => `${number} ${"y".repeat(number)}\n`);
    for (const line of lines) write(line);
    expect(log.file.blocks.length).toBeGreaterThan(3);
    for (const tailLines of [1, 7, 500, 2999, 3000])
      expect(await print(log, { tailLines })).toBe(lines.slice(-tailLines).join(""));
    const stamped = (await print(log, { timestamps: true })).split("\n");
    expect(stamped.map((line) => line.slice(31)).join("\n")).toBe(lines.join(""));
    expect(stamped.slice(0, -1).map((line) => line.slice(0, 31))).toEqual(
      lines.map((_, number) => `2023-11-14T22:13:20.${String(number).padStart(9, "0")}Z `),
    );
  });

  test("a timestamp comes only after a newline, whichever stream it was of", async () => {
    const { log, write } = logAt();
    write("a".repeat(30_000));
    write("err\n", "stderr");
    write("b\n");
    const text = await print(log, { timestamps: true });
    expect(text).toMatch(/^\S+Z a{16384}err\n\S+Z a{13616}b\n$/);
  });

  test("an unfinished line is held back, but for what has 4 KiB behind it", async () => {
    const { log, write } = logAt();
    write("a".repeat(20_479));
    expect(log.file.records).toBe(0);
    write("a");
    expect(await print(log)).toBe("a".repeat(16_384));
    write("a".repeat(16_383));
    expect(log.file.records).toBe(1);
    write("a");
    expect(log.file.records).toBe(2);
    write("\n");
    expect(log.file.records).toBe(3);
    write("b".repeat(20_000));
    log.flush();
    expect(log.file.records).toBe(5);
    expect(await print(log)).toBe(`${"a".repeat(36_864)}\n${"b".repeat(20_000)}`);
  });

  test("windows line ends lose the carriage return, lone ones stay; empty lines are records", async () => {
    const { log, write } = logAt();
    write("one\r\n\r\ntw\ro\n\n");
    expect(await print(log)).toBe("one\n\ntw\ro\n\n");
    expect(log.file.records).toBe(4);
  });

  test("limitBytes counts what is printed, timestamps too", async () => {
    const { log, write } = logAt();
    write("one\ntwo\n");
    expect(await print(log, { limitBytes: 5 })).toBe("one\nt");
    expect(await print(log, { limitBytes: 33, timestamps: true })).toBe(
      "2023-11-14T22:13:20.000000000Z on",
    );
    expect(await print(log, { limitBytes: 3, follow: true })).toBe("one");
  });

  test("a character on the edge of two records comes back whole; a tail has half of it", async () => {
    const { log, write } = logAt();
    const line = `${"x".repeat(16_383)}é\n`;
    write(line);
    expect(await print(log)).toBe(line);
    expect(await print(log, { tailLines: 1 })).toBe("\ufffd\n");
  });

  test("bytes written one by one, and any bytes, are the same", async () => {
    const { log } = logAt();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7919) % 251));
    const whole = logAt().log;
    whole.append("stdout", bytes);
    const reused = new Uint8Array(1);
    for (const byte of bytes) {
      reused[0] = byte;
      log.append("stdout", reused);
    }
    for (const one of [log, whole]) one.flush();
    expect(log.file.records).toBe(whole.file.records);
    expect(await print(log)).toBe(await print(whole));
  });

  test("since judges each record, inclusive: of a line across it a fragment is left, without its timestamp", async () => {
    const { log, write, pass } = logAt();
    write("before\n");
    write("a".repeat(30_000));
    pass(1000);
    write("\nafter\n");
    expect(await print(log, { since: seconds(1) })).toBe(`${"a".repeat(13_616)}\nafter\n`);
    const stamped = await print(log, { since: seconds(1), timestamps: true });
    expect(stamped).toMatch(/^a{13616}\n2023-11-14T22:13:21\.000000001Z after\n$/);
    expect(await print(log, { since: seconds(2) })).toBe("");
    expect(await print(log, { since: seconds(0), tailLines: 1 })).toBe("after\n");
  });
});

describe("the node's clock", () => {
  test("a coarse one gives records the same time, one that steps back goes back", async () => {
    const { log, write, clock, pass } = logAt(1e9, 10);
    pass(7);
    write("a\nb\n");
    pass(5);
    write("c\n");
    clock.step(-1000);
    write("d\n");
    const times = (await print(log, { timestamps: true })).match(/:\d\d\.\d{9}/g);
    expect(times).toEqual([":20.000000000", ":20.000000000", ":20.010000000", ":19.010000000"]);
  });

  test("a fine one never gives two the same, also after a step", async () => {
    const { log, write, clock } = logAt();
    write("a\nb\n");
    clock.step(-1);
    write("c\nd\n");
    const times = (await print(log, { timestamps: true })).match(/:\d\d\.\d{9}/g);
    expect(times).toEqual([":20.000000000", ":20.000000001", ":19.999000000", ":19.999000001"]);
  });

  test.each([
    [120, "2023-11-15T00:13:20.000000000+02:00 x\n"],
    [-210, "2023-11-14T18:43:20.000000000-03:30 x\n"],
  ])("a zone of %i minutes is printed", async (zoneMinutes, text) => {
    const { log, write } = logAt();
    write("x\n");
    expect(await print(log, { timestamps: true }, { zoneMinutes })).toBe(text);
  });
});

/** Reads a follow step by step: what it says until it has nothing more to say. */
function following(log: ContainerLog, reading: Partial<LogReading> = {}, query = {}) {
  const reader = open(log, { follow: true, ...query }, reading);
  let text = "";
  let pending: Promise<boolean> | undefined;
  const pull = async (): Promise<boolean> => {
    const { done, value } = await reader.next();
    if (done !== true) text += Buffer.from(value).toString();
    return done === true;
  };
  return {
    /** Reads one piece and stops, as a reader that nobody takes bytes from. */
    one: async () => {
      await (pending ?? pull());
      pending = undefined;
    },
    /** Reads on; what it has said since. */
    async read(): Promise<string> {
      for (let turn = 0; turn < 50; turn += 1) {
        pending ??= pull();
        const ended = await Promise.race([pending, quiet()]);
        if (ended === undefined) break;
        pending = undefined;
        if (ended) {
          text += "<end>";
          break;
        }
      }
      const said = text;
      text = "";
      return said;
    },
  };
}

const quiet = (): Promise<undefined> =>
  new Promise((resolve) => setImmediate(() => resolve(undefined)));

describe("rotation", () => {
  test("only the current file is read, whichever size or word began it", async () => {
    const { log, write } = logAt(200);
    write("0123456789\n".repeat(10));
    const rest = await print(log);
    expect(rest.length).toBeLessThan(44);
    expect(rest.endsWith("0123456789\n")).toBe(true);
    log.rotate();
    expect(await print(log)).toBe("");
  });

  test("a follow that is connected crosses it", async () => {
    const { log, write } = logAt();
    write("1\n");
    const follow = following(log);
    expect(await follow.read()).toBe("1\n");
    write("2\n");
    log.rotate();
    write("3\n");
    expect(await follow.read()).toBe("2\n3\n");
    log.rotate();
    log.rotate();
    write("4\n");
    expect(await follow.read()).toBe("4\n");
    log.end();
    expect(await follow.read()).toBe("<end>");
  });

  test("one before the first end of file goes unnoticed, until the next", async () => {
    const { log, write } = logAt();
    write("1\n");
    const follow = following(log);
    await follow.one();
    log.rotate();
    write("2\n");
    expect(await follow.read()).toBe("1\n");
    write("3\n");
    expect(await follow.read()).toBe("");
    log.rotate();
    write("4\n");
    expect(await follow.read()).toBe("4\n");
  });

  test("stuck on the old file, a follow ends with the container", async () => {
    const { log, write } = logAt();
    write("1\n");
    const follow = following(log, { stuckFollow: true });
    expect(await follow.read()).toBe("1\n");
    log.rotate();
    write("2\n");
    expect(await follow.read()).toBe("");
    log.end();
    expect(await follow.read()).toBe("<end>");
  });

  test("held up over two, it jumps over the middle file and reads the current one twice", async () => {
    const { log, write } = logAt();
    write("1\n");
    const follow = following(log);
    expect(await follow.read()).toBe("1\n");
    write("2\n");
    await follow.one();
    log.rotate();
    write("lost\n");
    log.rotate();
    write("3\n");
    expect(await follow.read()).toBe("2\n3\n3\n");
  });

  test("held up until the container has ended, it does not look at the new file", async () => {
    const { log, write } = logAt();
    write("1\n");
    const follow = following(log);
    expect(await follow.read()).toBe("1\n");
    write("2\n");
    await follow.one();
    log.rotate();
    write("unread\n");
    log.end();
    expect(await follow.read()).toBe("2\n<end>");
    expect(await print(log)).toBe("unread\n");
  });

  test("a line that was rotated in its middle goes on without timestamp", async () => {
    const { log, write } = logAt();
    const follow = following(log, {}, { timestamps: true });
    write("a".repeat(30_000));
    expect(await follow.read()).toMatch(/^\S+Z a{16384}$/);
    log.rotate();
    write("\nnext\n");
    expect(await follow.read()).toMatch(/^a{13616}\n\S+Z next\n$/);
  });
});

test("a follow that finds no watches left says so behind what it read", async () => {
  const { log, write } = logAt();
  write("1\n");
  const text = await print(log, { follow: true }, { trouble: () => "no-watch" });
  expect(text).toBe("1\nfailed to create fsnotify watcher: too many open files");
  expect(await print(log, {}, { trouble: () => "no-watch" })).toBe("1\n");
});
