import { expect, test } from "vitest";

import { childProcessProgram, type ProgramContext, startEmulator } from "../src/index.ts";
import { call, job, jobs, jobWith, log, podIn, podOf, secrets } from "./support.ts";

test("a real shell runs as given, with mounted files, environment and exit code", async () => {
  await using emulator = await startEmulator();
  emulator.program("agent:1", childProcessProgram());
  await call(emulator, "POST", secrets, {
    metadata: { name: "s" },
    stringData: { prompt: "from a file\n" },
  });
  const container = {
    command: [
      "sh",
      "-c",
      'cat < /in/prompt; echo "$GREETING $1"; echo oops >&2; exit 7',
      "name",
      "a b",
    ],
    env: [{ name: "GREETING", value: "hello" }],
    volumeMounts: [{ name: "in", mountPath: "/in" }],
  };
  const volumes = [{ name: "in", secret: { secretName: "s" } }];
  await call(emulator, "POST", jobs, job("child", container, {}, { volumes }));
  await jobWith(emulator, "child", "Failed");
  const pod = await podOf(emulator, "child");
  expect(pod.status.containerStatuses[0].state.terminated.exitCode).toBe(7);
  const text: string = (await log(emulator, pod)).body;
  expect(text.split("\n").toSorted()).toEqual(["", "from a file", "hello a b", "oops"]);
});

test("SIGTERM reaches the child", async () => {
  await using emulator = await startEmulator();
  emulator.program(
    "agent:1",
    childProcessProgram({
      command: ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"],
    }),
  );
  await call(emulator, "POST", jobs, job("child"));
  const pod = await podIn(emulator, "child", "running");
  const response = await fetch(
    `${emulator.url}/api/v1/namespaces/default/pods/${pod.metadata.name}/log?follow=true`,
  );
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("up\n");
  await call(emulator, "DELETE", `${jobs}/child`, { propagationPolicy: "Foreground" });
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("bye\n");
});

test("a program that is not there fails the container in words", async () => {
  await using emulator = await startEmulator();
  emulator.program("agent:1", childProcessProgram({ command: ["/no/such/program"] }));
  await call(emulator, "POST", jobs, job("child"));
  await jobWith(emulator, "child", "Failed");
  const pod = await podOf(emulator, "child");
  const { terminated } = pod.status.containerStatuses[0].state;
  expect(terminated).toMatchObject({ exitCode: 128, reason: "StartError" });
  expect(terminated.message).toContain("/no/such/program");
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

const context = (over: Partial<ProgramContext>): ProgramContext => ({
  argv: ["sleep", "30"],
  command: ["sleep", "30"],
  env: {},
  stdin: nothing(),
  workingDir: "/",
  pod: { namespace: "default", name: "p", uid: "u" },
  container: "main",
  readFile: async () => new Uint8Array(),
  writeFile: async () => {},
  files: async () => new Map(),
  stdout: { write: () => {} },
  stderr: { write: () => {} },
  signal: new AbortController().signal,
  killed: new AbortController().signal,
  sleep: async () => {},
  oomKill: () => {
    throw new Error("out of memory");
  },
  ...over,
});

test.each<
  [signal: string, stopped: (signal: AbortSignal) => Partial<ProgramContext>, code: number]
>([
  ["SIGKILL", (killed) => ({ killed }), 137],
  ["SIGTERM", (signal) => ({ signal }), 143],
])("a %s that comes before the child is there still reaches it", async (_name, stopped, code) => {
  const controller = new AbortController();
  const files = async () => {
    controller.abort();
    return new Map<string, Uint8Array>();
  };
  const ended = childProcessProgram()(context({ ...stopped(controller.signal), files }));
  expect(await ended).toBe(code);
});

test("a standard input that cannot be read fails the program, not the process", async () => {
  const stdin: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("no such file")) }),
  };
  const ended = childProcessProgram()(context({ stdin }));
  await expect(ended).rejects.toThrow("no such file");
});
