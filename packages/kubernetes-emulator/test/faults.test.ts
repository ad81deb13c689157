import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { EmulatorError, randomFaults, startEmulator } from "../src/index.ts";
import type { Emulator, Fault, FaultPattern, FaultRule } from "../src/index.ts";
import { call, job, jobs, jobWith, podIn, podOf, pods, until, watched } from "./support.ts";
import { exchange } from "./wire-client.ts";

const text = "one — zwölf\ntwo 日本語\nthree\n";

describe.each([{ tls: false }, { tls: true }])("on the wire, tls: $tls", ({ tls }) => {
  let emulator: Emulator;
  let log: string;
  beforeEach(async () => {
    emulator = await startEmulator({ tls });
    emulator.program("agent:1", async (p) => {
      p.stdout.write(text);
      await p.sleep(60_000).catch(() => undefined);
      return 0;
    });
    await exchange(emulator, jobs, { method: "POST", body: job("a") });
    const name = await until(async () => {
      const { bytes } = await exchange(emulator, pods);
      const [pod] = JSON.parse(bytes.toString()).items;
      return pod?.status.phase === "Running" ? pod.metadata.name : undefined;
    });
    log = `${pods}/${name}/log`;
  });
  afterEach(async () => {
    await emulator[Symbol.asyncDispose]();
  });

  const onLog: FaultPattern = { resource: "pods", subresource: "log" };
  const withFault = async (fault: Fault, path: string, on: FaultPattern = onLog) => {
    using _ = emulator.faults.add({ on, do: fault, times: 1 });
    const got = await exchange(emulator, path);
    return { ...got, text: got.bytes.toString() };
  };

  test.each(["clean", "close", "reset"] as const)(
    "a %s cut is at its byte, in a follow, a plain log and a document",
    async (how) => {
      const whole = (await exchange(emulator, pods)).bytes;
      for (const [path, body, on] of [
        [`${log}?follow=true`, Buffer.from(text), onLog],
        [log, Buffer.from(text), onLog],
        [pods, whole, { verb: "list" }],
      ] as const) {
        const got = await withFault({ kind: "cut", how, afterBytes: 9 }, path, on);
        expect(got.bytes).toEqual(body.subarray(0, 9));
        expect(got.complete).toBe(how === "clean");
        expect(got.error).toBe(how === "clean" ? undefined : "ECONNRESET");
        expect(got.reset).toBe(how === "reset");
      }
      expect(emulator.faults.injected.map((one) => one.afterBytes)).toEqual([9, 9, 9]);
    },
  );

  test("a cut of a watch leaves half an event", async () => {
    const got = await withFault(
      { kind: "cut", how: "close", afterBytes: 100 },
      `${pods}?watch=true`,
      { verb: "watch" },
    );
    expect(got.bytes).toHaveLength(100);
    expect(got.complete).toBe(false);
  });

  test("a place inside a character, and one at a line, are the next ones", async () => {
    const cut = { kind: "cut", how: "clean", afterBytes: 1 } as const;
    const inside = await withFault({ ...cut, at: "character" }, log);
    expect(inside.bytes).toEqual(Buffer.from(text).subarray(0, 5));
    expect(inside.text.endsWith("\ufffd")).toBe(true);
    expect((await withFault({ ...cut, at: "line" }, log)).text).toBe("one — zwölf\n");
    expect((await withFault({ ...cut, at: "line", afterBytes: 0 }, log)).text).toBe("");
  });

  test("a place that never comes harms nobody and is not told", async () => {
    const cut = { kind: "cut", how: "reset", afterBytes: 1000 } as const;
    expect(await withFault(cut, log)).toMatchObject({ text, complete: true });
    expect(emulator.faults.injected).toEqual([]);
  });

  test("a stall keeps the socket open, then goes on, or breaks off", async () => {
    const on = await withFault({ kind: "stall", afterBytes: 3, forMs: 5 }, log);
    expect(on).toMatchObject({ text, complete: true });
    const off = await withFault({ kind: "stall", afterBytes: 3, forMs: 5, next: "reset" }, log);
    expect(off).toMatchObject({ text: "one", complete: false, error: "ECONNRESET" });
    const gone = new AbortController();
    using _ = emulator.faults.add({ on: onLog, do: { kind: "stall", afterBytes: 3 } });
    let came = 0;
    const enough = (bytes: Buffer): boolean => {
      came = bytes.length;
      return false;
    };
    const stalled = exchange(emulator, log, { signal: gone.signal, enough });
    await until(async () => (came === 3 ? true : undefined));
    expect(emulator.connections()).toBeGreaterThan(0);
    gone.abort();
    expect((await stalled).bytes.toString()).toBe("one");
    await until(async () => (emulator.connections() === 0 ? true : undefined));
  });

  test("garbage: between the lines, as the end, in a document, and outside the protocol", async () => {
    const garbage = { kind: "garbage", bytes: "rpc error\n", at: "line", afterBytes: 1 } as const;
    const [first = "", ...rest] = text.split(/(?<=\n)/);
    expect((await withFault(garbage, log)).text).toBe([first, "rpc error\n", ...rest].join(""));
    const end = await withFault({ ...garbage, next: "end" }, log);
    expect(end).toMatchObject({ text: `${first}rpc error\n`, complete: true });
    const document = await withFault({ kind: "garbage", bytes: "<html>", next: "end" }, pods, {
      verb: "list",
    });
    expect(document).toMatchObject({ status: 200, text: "<html>", complete: true });
    const outside = await withFault({ ...garbage, protocol: true }, log);
    // Node's client may find the broken framing before it hands out what came with it.
    expect(first).toContain(outside.text);
    expect(outside.complete).toBe(false);
    expect(outside.error).toMatch(/^HPE_/);
  });

  test("a status comes with its reason and Retry-After, or a proxy's page; nothing is executed", async () => {
    using _ = emulator.faults.add([
      { on: { verb: "create", nth: 1 }, do: { kind: "status", status: 429, retryAfterSeconds: 2 } },
      { on: { verb: "create", nth: 2 }, do: { kind: "status", status: 502, body: "<h1>bad</h1>" } },
    ]);
    const create = () => exchange(emulator, jobs, { method: "POST", body: job("b") });
    const busy = await create();
    expect(busy).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
    expect(JSON.parse(busy.bytes.toString())).toMatchObject({
      kind: "Status",
      reason: "TooManyRequests",
      details: { retryAfterSeconds: 2 },
    });
    const page = await create();
    expect(page).toMatchObject({ status: 502, headers: { "content-type": "text/html" } });
    expect(page.bytes.toString()).toBe("<h1>bad</h1>");
    expect((await create()).status).toBe(201);
  });

  test.each([
    ["refuse", 404],
    ["lose-reply", 200],
  ] as const)("%s: no answer; asked for later, the object answers %i", async (kind, later) => {
    using _ = emulator.faults.add({ on: { verb: "create" }, do: { kind } });
    const got = await exchange(emulator, jobs, { method: "POST", body: job("b") });
    expect(got).toMatchObject({ error: "ECONNRESET", complete: false });
    expect(got.status).toBeUndefined();
    expect((await exchange(emulator, `${jobs}/b`)).status).toBe(later);
    expect(emulator.requests.find((one) => one.verb === "create" && one.at > 0)).toBeDefined();
  });

  test("a request executed twice is answered by the second time", async () => {
    using _ = emulator.faults.add({
      on: { verb: "create" },
      do: { kind: "duplicate", what: "request" },
    });
    const got = await exchange(emulator, jobs, { method: "POST", body: job("b") });
    expect(got.status).toBe(409);
  });

  test.each(["request", "answer"] as const)("a delay of the %s", async (of) => {
    using _ = emulator.faults.add({ on: { verb: "create" }, do: { kind: "delay", ms: 100, of } });
    const created = exchange(emulator, jobs, { method: "POST", body: job("b") });
    await until(async () => (emulator.faults.injected.length === 1 ? true : undefined));
    expect((await exchange(emulator, `${jobs}/b`)).status).toBe(of === "answer" ? 200 : 404);
    expect((await created).status).toBe(201);
  });
});

test.each([{ tls: false }, { tls: true }])(
  "whatever a plan does, what comes is a beginning of the log, and nothing stays open ($tls)",
  async ({ tls }) => {
    await using emulator = await startEmulator({ tls });
    const lines = Array.from({ length: 400 }, (_, number) => `${number} zwölf 日本語\n`).join("");
    emulator.program("agent:1", async (p) => {
      p.stdout.write(lines);
      return 0;
    });
    await exchange(emulator, jobs, { method: "POST", body: job("a") });
    const name = await until(async () => {
      const { bytes } = await exchange(emulator, pods);
      const [pod] = JSON.parse(bytes.toString()).items;
      return pod?.status.phase === "Succeeded" ? pod.metadata.name : undefined;
    });
    const on = { resource: "pods", subresource: "log" };
    const whole = Buffer.from(lines);
    let broken = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const plan = randomFaults({ seed, on, count: 8, among: 10, maxAfterBytes: 9000, maxMs: 3 });
      using _ = emulator.faults.add(plan);
      const reads = Array.from({ length: 10 }, (_, at) =>
        exchange(emulator, `${pods}/${name}/log?follow=${at % 2 === 0}`),
      );
      for (const got of await Promise.all(reads)) {
        const { length } = got.bytes;
        if (length < whole.length) broken += 1;
        if (got.status !== 200) continue;
        const isBeginning = got.bytes.equals(whole.subarray(0, length));
        const isGarbage = emulator.faults.injected.some(
          ({ rule: { do: fault } }) =>
            fault.kind === "garbage" && got.bytes.toString().endsWith(fault.bytes),
        );
        expect(isBeginning || isGarbage).toBe(true);
      }
    }
    expect(broken).toBeGreaterThan(150);
    await until(async () => (emulator.connections() === 0 ? true : undefined));
    expect(emulator.requests.every((one) => one.ended)).toBe(true);
  },
);

describe("a plan", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator();
    emulator.program("agent:1", async () => 0);
  });
  afterEach(async () => {
    await emulator[Symbol.asyncDispose]();
  });
  const get = async (path: string, userAgent = "test/1"): Promise<number | undefined> =>
    (await exchange(emulator, path, { userAgent })).status;
  const fail = { kind: "status", status: 503 } as const;

  test("a watch event sent twice is whole, and the others are once", async () => {
    using _ = emulator.faults.add({
      on: { verb: "watch" },
      do: { kind: "duplicate", what: "event", afterBytes: 1 },
    });
    await call(emulator, "POST", jobs, job("a"));
    await jobWith(emulator, "a", "Complete");
    await podIn(emulator, "a", "terminated");
    const pod = await podOf(emulator, "a");
    const events = watched(emulator, `${pods}?watch=true`, (all) => all.length === 4);
    await until(async () => (emulator.requests.at(-1)?.verb === "watch" ? true : undefined));
    for (const note of ["b", "c"]) {
      const patch = { metadata: { labels: { note } } };
      const path = `${pods}/${pod.metadata.name}`;
      await call(emulator, "PATCH", path, patch, "application/merge-patch+json");
    }
    const shown = (await events).map(
      (one) => `${one.type} ${one.object.metadata.labels.note ?? "a"}`,
    );
    expect(shown).toEqual(["ADDED a", "MODIFIED b", "MODIFIED b", "MODIFIED c"]);
  });

  test.each<[string, FaultPattern, boolean]>([
    ["everything", {}, true],
    ["the verb", { verb: "get" }, true],
    ["another verb", { verb: "list" }, false],
    ["a wildcard", { name: "ag*t-*-1" }, true],
    ["a wildcard that does not fit", { name: "ag*t-*-2" }, false],
    ["parts that overlap", { name: "agent-x-1*1" }, false],
    ["no subresource", { subresource: "" }, true],
    ["a subresource", { subresource: "log" }, false],
    ["the client", { userAgent: "test/*" }, true],
    ["another client", { userAgent: "kubectl*" }, false],
    ["a parameter", { query: { pretty: "tr*" } }, true],
    ["a parameter that is not there", { query: { follow: "true" } }, false],
    ["the namespace", { namespace: "default", resource: "jobs" }, true],
  ])("a pattern of %s", async (_name, on, met) => {
    using _ = emulator.faults.add({ on, do: fail });
    expect(await get(`${jobs}/agent-x-1?pretty=true`)).toBe(met ? 503 : 404);
  });

  test("nth counts what matches, times what is met, the first rule wins, disposing ends it", async () => {
    const rules = emulator.faults.add([
      { on: { verb: "get", nth: 3 }, do: { kind: "status", status: 500 } },
      { on: { verb: "get" }, do: fail, times: 3 },
    ]);
    const answers: (number | undefined)[] = [];
    for (let i = 0; i < 5; i += 1) {
      answers.push(await get(`${jobs}/none`));
      await get(jobs);
    }
    expect(answers).toEqual([503, 503, 500, 503, 404]);
    expect(emulator.faults.injected.map((one) => one.request.verb)).toEqual(
      Array.from({ length: 4 }, () => "get"),
    );
    using _ = emulator.faults.add({ on: {}, do: fail });
    rules[Symbol.dispose]();
    expect(await get(jobs)).toBe(503);
  });

  test("chance is the seed's: the same requests meet the same", async () => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- it closes over the emulator
    const run = async (seed: number): Promise<string> => {
      using _ = emulator.faults.add({ on: { verb: "get" }, do: fail, probability: 0.5, seed });
      let answers = "";
      for (let i = 0; i < 40; i += 1) answers += (await get(`${jobs}/none`)) === 503 ? "x" : ".";
      return answers;
    };
    const first = await run(1);
    expect(await run(1)).toBe(first);
    expect(await run(2)).not.toBe(first);
    expect(first.split("x").length).toBeGreaterThan(10);
    expect(first.split("x").length).toBeLessThan(32);
  });

  test.each<[string, unknown]>([
    ["rule: expected an object, got 5", 5],
    ["rule.do: expected a fault, got undefined", { on: {} }],
    ["do.kind: expected one of status, refuse", { on: {}, do: { kind: "burn" } }],
    [
      "do.status: expected an HTTP status from 200 to 599, got 99",
      rule({ kind: "status", status: 99 }),
    ],
    ["do.how: expected one of clean, close, reset, got undefined", rule({ kind: "cut" })],
    [
      "do.afterBytes: expected a whole number of at least 0, got -1",
      rule({ kind: "cut", how: "clean", afterBytes: -1 }),
    ],
    ["do: expected fields among ", rule({ kind: "refuse", forMs: 1 })],
    ["on.nth: expected a whole number of at least 1, got 0", rule({ kind: "refuse" }, { nth: 0 })],
    [
      'on.query: expected texts by parameter, got {"a":1}',
      rule({ kind: "refuse" }, { query: { a: 1 } }),
    ],
    [
      "rule.probability: expected a number from 0 to 1, got 2",
      { ...rule({ kind: "refuse" }), probability: 2 },
    ],
  ])("a rule that cannot be: %s", (message, given) => {
    const add = (): unknown => emulator.faults.add(given as FaultRule);
    expect(add).toThrow(`fault rule, ${message}`);
    expect(add).toThrow(expect.objectContaining({ code: "EMULATOR_OPTION_INVALID" }));
    expect(emulator.faults.injected).toEqual([]);
  });
});

function rule(fault: object, on: object = {}): object {
  return { on, do: fault };
}

describe("randomFaults", () => {
  test("the same seed makes the same plan, as plain JSON that the emulator takes", async () => {
    await using emulator = await startEmulator();
    for (let seed = 0; seed < 200; seed += 1) {
      const plan = randomFaults({ seed, count: 8 });
      expect(randomFaults({ seed, count: 8 })).toEqual(plan);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(new Set(plan.map((one) => one.on.nth)).size).toBe(8);
      emulator.faults.add(plan)[Symbol.dispose]();
    }
    expect(randomFaults({ seed: 1 })).not.toEqual(randomFaults({ seed: 2 }));
  });

  test("keeps to what it is told", () => {
    const on = { subresource: "log" };
    const plan = randomFaults({
      seed: 1,
      count: 50,
      among: 60,
      on,
      kinds: ["cut"],
      maxAfterBytes: 9,
    });
    for (const {
      on: { nth = 0, ...pattern },
      do: fault,
    } of plan) {
      expect(pattern).toEqual(on);
      expect(nth).toBeLessThanOrEqual(60);
      expect(fault).toMatchObject({ kind: "cut" });
      expect("afterBytes" in fault && (fault.afterBytes ?? 0) <= 9).toBe(true);
    }
    expect(() => randomFaults({ seed: 1, count: 5, among: 4 })).toThrow(EmulatorError);
    expect(() => randomFaults({ seed: 1, kinds: [] })).toThrow("kinds: expected at least one");
  });
});
