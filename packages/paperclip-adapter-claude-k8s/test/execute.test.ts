// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft, objects, requestsOf } from "./support/cluster.ts";
import { fakeHost, image } from "./support/fake-host.ts";
import { healthy, healthyOutput, sessionId } from "./support/transcript.ts";

test("a healthy run: output whole, result right, nothing left, few requests", async () => {
  let prompt = "";
  let key: string | undefined;
  await using emulator = await cluster(async ({ stdin, stdout, env, sleep }) => {
    for await (const chunk of stdin) prompt += Buffer.from(chunk).toString();
    key = env["PAPERCLIP_API_KEY"];
    for (const line of healthy) {
      stdout.write(`${line}\n`);
      await sleep(5);
    }
    return 0;
  });
  const host = fakeHost({ config: { promptTemplate: "Say hello to {{agent.name}}." } });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );

  expect(result).toMatchObject({
    exitCode: 0,
    timedOut: false,
    errorMessage: null,
    sessionId,
    usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 3 },
    usageBasis: "per_run",
    costUsd: 0.0125,
    model: "claude-opus-4-7",
    summary: "Grüße 😀",
  });
  expect(result.errorCode).toBeUndefined();
  expect(host.output()).toBe(healthyOutput);
  expect(prompt).toContain("Say hello to Ada.");
  expect(key).toBe("token-of-the-run");
  await expectNothingLeft(emulator);
  expect(requestsOf(emulator).length).toBeLessThanOrEqual(12);
});

test("nothing secret is in the Job, and the host is told once and redacted", async () => {
  const jobs: string[] = [];
  await using emulator = await cluster(async ({ stdout, pod }) => {
    const answer = await fetch(`${emulator.url}/apis/batch/v1/namespaces/${pod.namespace}/jobs`);
    jobs.push(await answer.text());
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost({
    config: { promptTemplate: "a secret plan", env: { MY_API_KEY: "hunter2", PLAIN: "seen" } },
  });
  await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);

  expect(jobs).toHaveLength(1);
  for (const secret of ["hunter2", "a secret plan", "token-of-the-run"])
    expect(jobs[0]).not.toContain(secret);
  expect(jobs[0]).toContain("seen");
  expect(host.metas).toHaveLength(1);
  expect(JSON.stringify(host.metas[0])).not.toContain("hunter2");
  expect(JSON.stringify(host.metas[0])).not.toContain("token-of-the-run");
});

test("a program that exits 3 after five lines gives five lines and code 3", async () => {
  const lines = ["one", "two", "three", "four", "five"];
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(`${lines.join("\n")}\n`);
    return 3;
  });
  const host = fakeHost();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(host.output()).toBe("one\ntwo\nthree\nfour\nfive\n");
  expect(result.exitCode).toBe(3);
  expect(result.errorMessage).toContain("Claude exited with code 3: one");
  expect(result.errorCode).toBe("claude_init_failed");
  await expectNothingLeft(emulator);
});

test("silence is not an end", async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write(`${healthy[0]}\n`);
    await sleep(2_500);
    stdout.write(`${healthy.slice(1).join("\n")}\n`);
    return 0;
  });
  const host = fakeHost();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorMessage).toBeNull();
  expect(host.output()).toBe(healthyOutput);
  await expectNothingLeft(emulator);
});

test.each(["clean", "reset"] as const)(
  "a log connection that is cut (%s) loses and repeats nothing",
  async (how) => {
    const numbered = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);
    await using emulator = await cluster(async ({ stdout, sleep }) => {
      for (const [index, line] of numbered.entries()) {
        stdout.write(line);
        await sleep(10);
        if (index % 20 === 10) emulator.node.cutLogStreams(how);
      }
      stdout.write(healthyOutput);
      return 0;
    });
    const host = fakeHost();
    const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
      host.context,
    );
    expect(host.output()).toBe(numbered.join("") + healthyOutput);
    expect(result.errorMessage).toBeNull();
    await expectNothingLeft(emulator);
  },
);

test("a line of 150 kB and a last line without its end arrive byte for byte", async () => {
  const text = `${"ä".repeat(75_000)}\n${healthyOutput}the last word`;
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(text);
    return 0;
  });
  const host = fakeHost();
  await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  expect(host.output()).toBe(text);
  for (const chunk of host.chunks)
    expect(Buffer.byteLength(chunk.text)).toBeLessThanOrEqual(8 * 1024);
});

test("a slow host gets every line in order", async () => {
  const numbered = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join("");
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(numbered + healthyOutput);
    return 0;
  });
  const host = fakeHost({ onLog: () => new Promise((resolve) => setTimeout(resolve, 3)) });
  await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  expect(host.output()).toBe(numbered + healthyOutput);
});

test("a host that cannot take the output stops no run, and hears of it", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost({
    onLog: () => {
      throw new Error("disk full");
    },
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(result.errorMessage).toBeNull();
  expect(JSON.stringify(result.resultJson)).toContain("disk full");
  await expectNothingLeft(emulator);
});

test("retainJobs keeps the Job, and the next run replaces it", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const first = await adapter.execute(fakeHost({ config: { retainJobs: true } }).context);
  expect(first.errorMessage).toBeNull();
  await expect
    .poll(async () => (await objects(emulator)).filter((name) => name.startsWith("jobs/")).length)
    .toBe(1);

  const second = await adapter.execute(fakeHost({ runId: "run-2" }).context);
  expect(second.errorMessage).toBeNull();
  await expectNothingLeft(emulator);
});

test("after the last run no connection stays open", async () => {
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  await Promise.all(
    ["a", "b", "c"].map((id) =>
      adapter.execute(fakeHost({ agentId: id, runId: `run-${id}` }).context),
    ),
  );
  const watching = () =>
    emulator.requests.filter(({ verb, ended }) => verb === "watch" && !ended).length;
  await expect.poll(watching).toBe(0);
  expect(image).toBe("agent:test");
});

test("whatever the host hands over, execute answers", async () => {
  const { context } = fakeHost();
  const broken = { ...context, config: undefined, agent: { ...context.agent } };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a host that breaks its contract
  const result = await createServerAdapter().execute(broken as unknown as typeof context);
  expect(result.errorCode).toBe("claude_k8s_internal");
  expect(result.errorMessage).toContain("The adapter failed");
});
