import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSpoolFile } from "../src/spool-file.ts";
import { spooled, type SpooledBody, type SpoolOptions } from "../src/spool.ts";
import { jumpingClock } from "./support/jumping-clock.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function wait(ticks: number): Promise<void> {
  for (let i = 0; i < ticks; i++) await tick();
}

/** Waits, bounded, until it holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 5_000; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("it never came to hold");
}

/** Pieces as a connection brings them; counts how many were taken from it. */
function connection(pieces: readonly Uint8Array[], failure?: Error) {
  const state = { taken: 0, isClosed: false };
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (const piece of pieces) {
        state.taken++;
        yield piece;
      }
      if (failure !== undefined) throw failure;
    } finally {
      state.isClosed = true;
    }
  }
  return { state, body: body() };
}

function numbered(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`piece ${i}\n`));
}

function options(change: Partial<SpoolOptions> = {}): SpoolOptions {
  return { afterMs: 5_000, maxBytes: 1_000_000, folder, clock: jumpingClock(), ...change };
}

async function textOf(body: SpooledBody): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("the file", () => {
  test("gives back what it was given, in order, round and round within its bound", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.constant("take"))),
        async (steps) => {
          const file = await openSpoolFile(64, folder);
          const given: number[] = [];
          const got: number[] = [];
          for (const step of steps) {
            if (typeof step !== "string") {
              if (!file.fits(step.length)) continue;
              await file.append(step);
              given.push(...step);
            } else if (file.unread() > 0) got.push(...(await file.take()));
          }
          while (file.unread() > 0) got.push(...(await file.take()));
          await file.close();
          expect(got).toEqual(given);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  test("has no name while it is open", async () => {
    const file = await openSpoolFile(64, folder);
    await file.append(Buffer.from("secret"));
    expect(await readdir(folder)).toEqual([]);
    await file.close();
  });
});

test("a consumer that is blocked holds nothing up, and gets everything in order", async () => {
  const pieces = numbered(500);
  const { body, state } = connection(pieces);
  const spool = spooled(body, options());
  const iterator = spool[Symbol.asyncIterator]();
  const first = await iterator.next();
  await until(() => state.isClosed);
  expect(state.taken).toBe(500);
  const chunks = [first.value];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
    chunks.push(next.value);
  expect(Buffer.concat(chunks).toString()).toBe(pieces.join(""));
  expect(spool.report()).toEqual({ bytes: pieces.slice(1).join("").length });
  expect(spool.report()).toBeUndefined();
  await iterator.return?.();
});

test("a consumer that keeps up puts nothing aside", async () => {
  const pieces = numbered(50);
  const clock = jumpingClock();
  const spool = spooled(connection(pieces).body, options({ clock }));
  expect(await textOf(spool)).toBe(pieces.join(""));
  expect(clock.pending()).toBe(0);
  expect(spool.report()).toBeUndefined();
});

test("beyond its bound the connection is held back, and nothing is lost", async () => {
  const pieces = numbered(500);
  const { body, state } = connection(pieces);
  const spool = spooled(body, options({ maxBytes: 300 }));
  const iterator = spool[Symbol.asyncIterator]();
  const first = await iterator.next();
  await until(() => state.taken > 20);
  for (let i = 0; i < 50; i++) await tick();
  expect(state.taken).toBeLessThan(60);
  const rest = await textOf({ ...spool, [Symbol.asyncIterator]: () => iterator });
  expect(`${String(first.value)}${rest}`).toBe(pieces.join(""));
});

test("a disk that cannot be written to holds the connection back, and says so", async () => {
  const pieces = numbered(50);
  const { body, state } = connection(pieces);
  const spool = spooled(body, options({ folder: join(folder, "missing") }));
  const iterator = spool[Symbol.asyncIterator]();
  const first = await iterator.next();
  let report: ReturnType<SpooledBody["report"]>;
  await until(() => (report ??= spool.report()) !== undefined);
  expect(report).toMatchObject({ bytes: 0, problem: expect.stringContaining("ENOENT") });
  expect(state.taken).toBe(2);
  const rest = await textOf({ ...spool, [Symbol.asyncIterator]: () => iterator });
  expect(`${String(first.value)}${rest}`).toBe(pieces.join(""));
});

test("a connection that is cut while the consumer is blocked is told after what came before", async () => {
  const pieces = numbered(20);
  const { body, state } = connection(pieces, new Error("reset"));
  const iterator = spooled(body, options())[Symbol.asyncIterator]();
  const chunks = [(await iterator.next()).value];
  await until(() => state.isClosed);
  await expect(
    (async () => {
      for (;;) chunks.push((await iterator.next()).value);
    })(),
  ).rejects.toThrow("reset");
  expect(Buffer.concat(chunks).toString()).toBe(pieces.join(""));
});

test("leaving closes the connection and stops the clock", async () => {
  const clock = jumpingClock();
  const { body, state } = connection(numbered(20));
  const iterator = spooled(body, options({ clock }))[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
  expect(state.isClosed).toBe(true);
  expect(clock.pending()).toBe(0);
});

describe("a connection that was held back for too long", () => {
  const pieces = numbered(500);

  async function readLate(
    maxBytes: number,
    waitMs: number,
  ): Promise<{ text: string; error: string }> {
    let now = 0;
    const clock = { ...jumpingClock(), now: () => now };
    const { body, state } = connection(pieces);
    const spool = spooled(body, options({ maxBytes, clock, afterMs: 1_000 }));
    const iterator = spool[Symbol.asyncIterator]();
    const chunks = [(await iterator.next()).value];
    now += 1_000;
    // One more than fits is taken, and held.
    const fitting = Array.from(pieces.keys()).findLast(
      (count) => Buffer.concat(pieces.slice(1, 1 + count)).length <= maxBytes,
    );
    await until(() => state.taken === 2 + (fitting ?? 0));
    for (let i = 0; i < 50; i++) await tick();
    now += waitMs;
    const error = await (async () => {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        chunks.push(next.value);
      return "";
    })().catch(String);
    return { text: Buffer.concat(chunks).toString(), error };
  }

  test.each([0, 300])("is broken off after what is safe: room for %i bytes", async (maxBytes) => {
    const { text, error } = await readLate(maxBytes, 1_000);
    expect(error).toContain("held back for more than 1000 ms by a slow reader");
    expect(pieces.join("").startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThanOrEqual(maxBytes === 0 ? 8 : 250);
    expect(text.length).toBeLessThan(400);
  });

  test.each([0, 300])("goes on when it was not: room for %i bytes", async (maxBytes) => {
    expect(await readLate(maxBytes, 900)).toEqual({ text: pieces.join(""), error: "" });
  });
});

/** A consumer that has handed over its first piece and is behind, with a clock that goes on when it is told to. */
async function blocked(pieces: readonly Uint8Array[], maxBytes: number) {
  let now = 0;
  const clock = { ...jumpingClock(), now: () => now };
  const { body, state } = connection(pieces);
  const iterator = spooled(body, options({ maxBytes, clock, afterMs: 1_000 }))[
    Symbol.asyncIterator
  ]();
  const first = await iterator.next();
  const goOn = (ms: number): void => void (now += ms);
  goOn(1_000);
  /** Waits until the connection is held back with the nth piece. */
  const held = async (nth: number): Promise<void> => {
    await until(() => state.taken === nth);
    await wait(50);
  };
  return { iterator, first, goOn, held };
}

test.each([0, 100])(
  "times for which a connection was held back do not add up: room for %i bytes",
  async (maxBytes) => {
    const pieces = Array.from({ length: 6 }, (_, i) => Buffer.alloc(100, String(i)));
    const { iterator, first, goOn, held } = await blocked(pieces, maxBytes);
    const got = [first.value];
    for (let i = 1; i < 4; i++) {
      await held(i + (maxBytes === 0 ? 1 : 2));
      goOn(900);
      got.push((await iterator.next()).value);
    }
    expect(Buffer.concat(got).toString()).toBe(pieces.slice(0, 4).join(""));
    await iterator.return?.();
  },
);

test("a connection is held back from the first try to put aside what does not fit", async () => {
  const pieces = ["first", "fits", "does not fit"].map((text) => Buffer.from(text));
  const { iterator, goOn, held } = await blocked(pieces, 6);
  await held(3);
  goOn(900);
  expect(String((await iterator.next()).value)).toBe("fits");
  await wait(50);
  goOn(900);
  await expect(iterator.next()).rejects.toThrow("held back for more than 1000 ms");
});

/** Pieces that take `everyMs` to come, each; how many of them were asked for. */
function pacedPieces(count: number, everyMs: number) {
  let now = 0;
  const state = { taken: 0 };
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const piece of numbered(count)) {
      state.taken++;
      now += everyMs;
      yield piece;
    }
  }
  const clock = { ...jumpingClock(), now: () => now };
  const spool = spooled(body(), options({ clock, afterMs: 1_000 }));
  return { spool, state, goOn: (ms: number): void => void (now += ms) };
}

test("what a consumer waits for more is taken off its arrears", async () => {
  const { spool, goOn } = pacedPieces(40, 100);
  for await (const _ of spool) {
    goOn(100);
    await wait(5);
  }
  expect(spool.report()).toBeUndefined();
});

test("what comes after the consumer has left is not put aside", async () => {
  const [first, second] = numbered(2);
  let asked = 0;
  let come: (() => void) | undefined;
  const source: AsyncIterator<Uint8Array> = {
    next: () =>
      new Promise((resolve) => {
        const value = asked++ === 0 ? first : second;
        come = () => resolve({ done: false, value: value ?? Buffer.alloc(0) });
        if (asked === 1) come();
      }),
    return: async () => ({ done: true, value: undefined }),
  };
  const spool = spooled({ [Symbol.asyncIterator]: () => source }, options({ afterMs: 0 }));
  const iterator = spool[Symbol.asyncIterator]();
  await iterator.next();
  await until(() => asked === 2);
  await iterator.return?.();
  come?.();
  // As long as a file would take to be opened and written.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(spool.report()).toBeUndefined();
});

test("a consumer that has waited for long is no less behind when it is blocked", async () => {
  const { spool, state, goOn } = pacedPieces(3, 60_000);
  const iterator = spool[Symbol.asyncIterator]();
  await iterator.next();
  goOn(1_000);
  await wait(50);
  expect(state.taken).toBeGreaterThan(1);
  await iterator.return?.();
});

test("a consumer that is never blocked for long, but always behind, is spooled for", async () => {
  let now = 0;
  const clock = { ...jumpingClock(), now: () => now };
  const pieces = numbered(200);
  const { body, state } = connection(pieces);
  const got: Uint8Array[] = [];
  const spool = spooled(body, options({ clock, afterMs: 1_000 }));
  for await (const chunk of spool) {
    got.push(chunk);
    now += 100;
    if (now === 1_500) await until(() => state.isClosed);
  }
  expect(Buffer.concat(got).toString()).toBe(pieces.join(""));
  expect(spool.report()?.bytes).toBeGreaterThan(1_000);
});

test("whatever the pace of both sides, every byte comes once and in order, up to where it is broken off", async () => {
  const pace = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 });
  const bound = fc.constantFrom(0, 40, 200, 10_000);
  await fc.assert(
    fc.asyncProperty(pace, pace, bound, async (fast, slow, maxBytes) => {
      const pieces = numbered(120);
      async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
        for (const [i, piece] of pieces.entries()) {
          await wait(fast[i % fast.length] ?? 0);
          yield piece;
        }
      }
      const got: Uint8Array[] = [];
      let i = 0;
      const read = async (): Promise<void> => {
        for await (const chunk of spooled(body(), options({ afterMs: 0, maxBytes }))) {
          got.push(chunk);
          await wait(slow[i++ % slow.length] ?? 0);
        }
      };
      const error = await read().catch(String);
      const text = Buffer.concat(got).toString();
      const mayEndEarly = error !== undefined && maxBytes < 10_000;
      const whole = pieces.join("");
      expect(text).toBe(mayEndEarly ? whole.slice(0, text.length) : whole);
    }),
    { numRuns: 100, seed: 7 },
  );
});
