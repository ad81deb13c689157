import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator, type Emulator } from "../src/index.ts";
import { call, job, jobs, jobWith, podIn } from "./support.ts";

const run = promisify(execFile);
const kubectl = process.env["KUBECTL"] ?? "kubectl";
const found = await run(kubectl, ["version", "--client"]).then(
  () => true,
  () => false,
);

describe.skipIf(!found)("kubectl (skipped without one on PATH or in KUBECTL)", () => {
  let emulator: Emulator;
  let home: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    home = await mkdtemp(join(tmpdir(), "emulator-kubectl-"));
    await writeFile(join(home, "kubeconfig"), emulator.kubeConfig);
    emulator.program("agent:1", async (p) => {
      p.stdout.write("one\n");
      await p.sleep(300);
      p.stdout.write("two\n");
      return 0;
    });
  });
  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
  });
  const ask = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, HOME: home, KUBECONFIG: join(home, "kubeconfig") };
    return (await run(kubectl, args, { env, timeout: 20_000 })).stdout;
  };

  test("create, get in columns, logs -f, describe, delete", async () => {
    await writeFile(join(home, "job.json"), JSON.stringify(job("hello")));
    expect(await ask("create", "-f", join(home, "job.json"))).toBe("job.batch/hello created\n");
    await podIn(emulator, "hello", "running");
    expect(await ask("logs", "-f", "job/hello")).toBe("one\ntwo\n");
    await jobWith(emulator, "hello", "Complete");
    const table = await ask("get", "jobs,pods");
    expect(table).toMatch(
      /NAME\s+STATUS\s+COMPLETIONS\s+DURATION\s+AGE\njob.batch\/hello\s+Complete\s+1\/1/,
    );
    expect(table).toMatch(
      /NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\npod\/hello-\w{5}\s+0\/1\s+Completed\s+0/,
    );
    expect(await ask("describe", "job", "hello")).toContain("Job completed");
    expect(await ask("delete", "job", "hello")).toContain('"hello" deleted');
    expect((await call(emulator, "GET", `${jobs}/hello`)).status).toBe(404);
  });

  test("an error is told as by a real server", async () => {
    await expect(ask("get", "job", "nope")).rejects.toThrow(
      'Error from server (NotFound): jobs.batch "nope" not found',
    );
  });
});
