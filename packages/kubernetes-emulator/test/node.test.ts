import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type LogTrouble,
} from "../src/index.ts";
import { call, job, jobs, log, podIn, podOf, pods, until } from "./support.ts";
import { exchange } from "./wire-client.ts";

let emulator: Emulator;
let say: (text: string, stream?: "stdout" | "stderr") => void;

async function start(options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator(options);
  emulator.program("agent:1", async (p) => {
    say = (text, stream = "stdout") => p[stream].write(text);
    p.stdout.write(`begun ${p.argv[0] ?? ""}\n`);
    await p.sleep(60_000);
    return 0;
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
async function running(name = "a", pod: object = {}): Promise<any> {
  await call(emulator, "POST", jobs, job(name, {}, {}, pod));
  return podIn(emulator, name, "running");
}

beforeEach(() => start());
afterEach(() => emulator[Symbol.asyncDispose]());

/** A follow whose bytes so far can be waited for. */
// oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
function follow(pod: any, query = "") {
  let text = "";
  const path = `${pods}/${pod.metadata.name}/log?follow=true${query}`;
  const over = exchange(emulator, path, {
    enough: (bytes) => {
      text = bytes.toString();
      return false;
    },
  });
  return {
    over,
    reads: (wanted: string) => until(async () => (text === wanted ? text : undefined)),
  };
}

describe("rotation", () => {
  test("on demand: a new read sees the new file, a follow goes on", async () => {
    const pod = await running();
    const open = follow(pod);
    await open.reads("begun \n");
    expect(emulator.node.rotateLogs()).toBe(1);
    expect(emulator.node.rotateLogs({ name: "other" })).toBe(0);
    say("new\n");
    expect((await log(emulator, pod)).body).toBe("new\n");
    expect(await open.reads("begun \nnew\n")).toBeDefined();
  });

  test("by size", async () => {
    await emulator[Symbol.asyncDispose]();
    await start({ logMaxBytes: 1000 });
    const pod = await running();
    say("0123456789\n".repeat(100));
    const { body } = await log(emulator, pod);
    expect(body.length).toBeLessThan(300);
    expect(body.endsWith("0123456789\n")).toBe(true);
  });

  test("a stuck follow stays with the old file until the next one", async () => {
    await emulator[Symbol.asyncDispose]();
    await start({ quirks: { stuckFollow: true } });
    const pod = await running();
    const open = follow(pod);
    await open.reads("begun \n");
    emulator.node.rotateLogs();
    say("missed\n");
    expect((await log(emulator, pod)).body).toBe("missed\n");
    emulator.node.rotateLogs({ name: pod.metadata.name });
    say("seen\n");
    await open.reads("begun \nseen\n");
  });
});

describe("the kubelet", () => {
  test("restarts: follows end cleanly, logs answer 500, then 404, then as before; the program runs on", async () => {
    const pod = await running();
    const open = follow(pod);
    await open.reads("begun \n");
    const back = emulator.node.restartKubelet({ downMs: 60, unknownMs: 60 });
    expect(await open.over).toMatchObject({ complete: true, status: 200 });
    const away = await log(emulator, pod);
    expect(away).toMatchObject({ status: 500, body: { reason: "InternalError" } });
    expect(away.body.message).toMatch(/dial tcp \S+: connect: connection refused/);
    await until(async () => ((await log(emulator, pod)).status === 404 ? true : undefined));
    expect((await podOf(emulator, "a")).status.phase).toBe("Running");
    await back;
    say("still\n");
    expect((await log(emulator, pod)).body).toBe("begun \nstill\n");
  });

  test("ends every log answer after its limit, cleanly", async () => {
    await emulator[Symbol.asyncDispose]();
    await start({ logFollowLimitMs: 30 });
    const pod = await running();
    const over = await follow(pod).over;
    expect(over).toMatchObject({ complete: true });
    expect(over.bytes.toString()).toBe("begun \n");
    expect((await podOf(emulator, "a")).status.phase).toBe("Running");
  });

  test.each<[LogTrouble, RegExp]>([
    ["no-container", /^unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/],
    [
      "no-file",
      /^failed to try resolving symlinks in path "\/var\/log\/pods\/default_a-\w+_[0-9a-f-]{36}\/main\/0\.log": lstat .*: no such file or directory$/,
    ],
    ["no-watch", /^begun \nfailed to create fsnotify watcher: too many open files$/],
  ])("in trouble (%s) answers 200 and text", async (trouble, text) => {
    const pod = await running();
    const { name } = pod.metadata;
    using broken = emulator.node.breakLogs(trouble, { name });
    using _ = emulator.node.breakLogs("no-container", { name: "other" });
    const got = await log(emulator, pod, "follow=true&timestamps=false");
    expect(got.status).toBe(200);
    expect(got.body).toMatch(text);
    broken[Symbol.dispose]();
    expect((await log(emulator, pod)).body).toBe("begun \n");
  });

  test("prints times in its zone, by its clock", async () => {
    await emulator[Symbol.asyncDispose]();
    await start({ logZone: "+02:00", logClockGrainMs: 100 });
    const pod = await running();
    emulator.node.stepClock(-3_600_000);
    say("an hour ago\n");
    const lines: string[] = (await log(emulator, pod, "timestamps=true")).body.split("\n");
    const times = lines.slice(0, 2).map((line) => line.split(" ")[0] ?? "");
    for (const time of times) expect(time).toMatch(/T\d\d:\d\d:\d\d\.\d00000000\+02:00$/);
    const [first = 0, second = 0] = times.map((time) => Date.parse(time));
    expect(second - first).toBeLessThan(-3_500_000);
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    // sinceSeconds counts by the node's clock.
    const recent = await log(emulator, pod, "sinceSeconds=600");
    expect(recent.body).toBe("begun \nan hour ago\n");
  });
});

describe("killing a container", () => {
  test.each([
    ["SIGKILL", 137],
    ["SIGTERM", 143],
    ["SIGSEGV", 139],
  ] as const)("with %s ends it with %i", async (signal, exitCode) => {
    const { metadata } = await running();
    emulator.node.killContainer({ name: metadata.name }, signal);
    const pod = await podIn(emulator, "a", "terminated");
    expect(pod.status.containerStatuses[0].state.terminated).toMatchObject({
      exitCode,
      reason: "Error",
    });
    const kill = (): void => emulator.node.killContainer({ name: metadata.name }, signal);
    expect(kill).toThrow("pod: expected one running container, got 0 for default/");
  });

  test("the restart policy applies, and the log before is the previous one", async () => {
    const { metadata } = await running("a", { restartPolicy: "OnFailure" });
    for (const restarts of [1, 2]) {
      say(`life ${restarts}\n`);
      emulator.node.killContainer({ name: metadata.name, container: "main" }, "SIGKILL");
      await until(async () => {
        const [status] = (await podOf(emulator, "a")).status.containerStatuses;
        return status.restartCount === restarts && status.state.running !== undefined
          ? true
          : undefined;
      });
      const previous = await log(emulator, { metadata }, "previous=true");
      expect(previous.body).toBe(`begun \nlife ${restarts}\n`);
      expect((await log(emulator, { metadata })).body).toBe("begun \n");
    }
  });
});

test("a client that does not read holds the kubelet up: rotations pass it by", async () => {
  await emulator[Symbol.asyncDispose]();
  await start({ logMaxBytes: 1e9 });
  const pod = await running();
  // The follow has to be at the end of a file once, or it watches for no other.
  const path = `${emulator.url}${pods}/${pod.metadata.name}/log?follow=true`;
  const response = await fetch(path);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe("begun \n");
  const block = `${"x".repeat(1023)}\n`.repeat(1024);
  for (let written = 0; written < 64; written += 1) say(block);
  await new Promise((resolve) => setTimeout(resolve, 100));
  emulator.node.rotateLogs();
  say("nobody reads this\n");
  emulator.node.rotateLogs();
  say("the current file\n");
  let bytes = 0;
  let tail = "";
  const twice = "x\nthe current file\nthe current file\n";
  while (!tail.endsWith(twice)) {
    const { value, done } = (await reader?.read()) ?? {};
    if (done !== false) break;
    bytes += value?.length ?? 0;
    tail = (tail + Buffer.from(value ?? []).toString()).slice(-twice.length);
  }
  expect(tail).toBe(twice);
  expect(bytes).toBe(64 * block.length + twice.length - 2);
  await reader?.cancel();
});

test("a program writes any bytes, when it wants to", async () => {
  emulator.program("agent:1", async (p) => {
    for (const bytes of [[0xff, 0x00], [0x0a], [0xe2, 0x82], [0xac, 0x0a]]) {
      p.stdout.write(Uint8Array.from(bytes));
      await p.sleep(5);
    }
    return 0;
  });
  await call(emulator, "POST", jobs, job("bytes"));
  const { metadata } = await podIn(emulator, "bytes", "terminated");
  const { bytes } = await exchange(emulator, `${pods}/${metadata.name}/log`);
  expect(bytes).toEqual(Buffer.from([0xff, 0x00, 0x0a, 0xe2, 0x82, 0xac, 0x0a]));
});

test("what was asked is remembered to a limit", async () => {
  for (let asked = 0; asked < 50; asked += 1)
    await Promise.all(Array.from({ length: 202 }, () => exchange(emulator, `${jobs}/${asked}`)));
  expect(emulator.requests).toHaveLength(10_000);
  expect(emulator.requests.at(-1)).toMatchObject({ name: "49", status: 404, ended: true });
});

test.each<[EmulatorOptions, string]>([
  [{ logZone: "Berlin" }, "logZone: expected Z or an offset such as +02:00, got Berlin"],
  [{ logClockGrainMs: -1 }, "logClockGrainMs: expected a number of at least 0, got -1"],
  [{ logFollowLimitMs: 0 }, "logFollowLimitMs: expected a number of at least 1, got 0"],
])("an option that cannot be: %o", async (options, message) => {
  await expect(startEmulator(options)).rejects.toThrow(message);
});
