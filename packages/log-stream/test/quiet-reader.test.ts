import { expect, test } from "vitest";
import { quietReader } from "../src/quiet-reader.ts";

/** Time that goes on when it is told to; counts the timers that were ever set. */
function steppedClock() {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const count = { set: 0 };
  return {
    count,
    now: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      count.set++;
      return () => void (timers = timers.filter((one) => one !== timer));
    },
    goTo(time: number): void {
      now = time;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

/** A body whose chunks come when they are sent, and its reader. */
function reading() {
  const clock = steppedClock();
  const sent: Uint8Array[] = [];
  let wake: (() => void) | undefined;
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      while (sent.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* sent.splice(0);
    }
  }
  const send = (text: string): void => {
    sent.push(Buffer.from(text));
    wake?.();
  };
  return { clock, send, reader: quietReader(body(), new AbortController().signal, clock) };
}

/** What a read has brought by now. */
async function soFar<T>(read: Promise<T>): Promise<T | "waiting"> {
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([read, Promise.resolve("waiting" as const)]);
}

test("silence is counted from the read, whenever the one timer was set", async () => {
  const { clock, send, reader } = reading();
  const first = reader.read(1_000);
  send("a");
  expect(await first).toMatchObject({ kind: "bytes" });
  clock.goTo(700);
  const second = reader.read(1_000);
  clock.goTo(1_000);
  expect(await soFar(second)).toBe("waiting");
  clock.goTo(1_700);
  expect(await soFar(second)).toEqual({ kind: "quiet" });
});

test("a shorter patience than the timer's is kept", async () => {
  const { clock, send, reader } = reading();
  const first = reader.read(60_000);
  send("a");
  await first;
  const second = reader.read(2_000);
  clock.goTo(2_000);
  expect(await soFar(second)).toEqual({ kind: "quiet" });
});

test("a timer is not set with each chunk", async () => {
  const { clock, send, reader } = reading();
  for (let i = 0; i < 50; i++) {
    const read = reader.read(1_000);
    send("a");
    await read;
    clock.goTo(10 * (i + 1));
  }
  expect(clock.count.set).toBe(1);
});

test("what comes after quiet reads comes once and in order", async () => {
  const { clock, send, reader } = reading();
  for (const time of [1_000, 2_000]) {
    const quiet = reader.read(1_000);
    clock.goTo(time);
    expect(await quiet).toEqual({ kind: "quiet" });
  }
  const texts = ["a", "b", "c"];
  for (const text of texts) send(text);
  for (const text of texts) {
    expect(await reader.read(1_000)).toEqual({ kind: "bytes", bytes: Buffer.from(text) });
    // One more that nobody had asked for would take the place of the next.
    await soFar(Promise.resolve());
  }
  expect(await soFar(reader.read(1_000))).toBe("waiting");
});

test("what comes while nobody reads is the next read's", async () => {
  const { clock, send, reader } = reading();
  const quiet = reader.read(1_000);
  clock.goTo(1_000);
  await quiet;
  send("a");
  await soFar(quiet);
  const read = reader.read(1_000);
  expect(await soFar(read)).toEqual({ kind: "bytes", bytes: Buffer.from("a") });
});
