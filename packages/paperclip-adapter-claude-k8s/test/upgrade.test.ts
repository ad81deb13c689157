import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { labelValue } from "@claude-k8s/k8s-job-manifest";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { describe, expect, test } from "vitest";
import { cluster, expectNothingLeft, objects, withClaim } from "./support/cluster.ts";
import {
  deleteAsBefore,
  earlierJob,
  earlierProgram,
  type EarlierRun,
  relabelAsBefore,
} from "./support/earlier-adapter.ts";
import { fakeHost, type FakeHostOptions, namespace } from "./support/fake-host.ts";
import { jobsOf, serverProcess } from "./support/process.ts";
import { healthyOutput, sessionId } from "./support/transcript.ts";

/** Other tests share the machine. */
const patiently = { timeout: 10_000 };

/** A cluster in which an earlier adapter's run is at work until it is let go. */
async function earlierRun({ staysOn, ...run }: EarlierRun & { staysOn?: boolean } = {}) {
  const gate = Promise.withResolvers<void>();
  const { program, lines, printing } = earlierProgram(gate.promise, { staysOn });
  const emulator = await cluster(program);
  const name = await earlierJob(emulator, run);
  if (run.suspend !== true) await printing;
  const server = serverProcess(emulator);
  return {
    emulator,
    name,
    server,
    output: `${lines.join("\n")}\n`,
    firstLine: lines[0] ?? "",
    letGo: () => gate.resolve(),
    execute(options: FakeHostOptions = {}) {
      const host = fakeHost({ runId: "new-run", ...options });
      return { host, result: server.execute(host.context) };
    },
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await server.terminate();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

async function hasEnded(emulator: Emulator): Promise<void> {
  await expect
    .poll(async () => JSON.stringify(await jobsOf(emulator)), patiently)
    .toContain('"type":"Complete"');
}

const names = async (emulator: Emulator) =>
  (await jobsOf(emulator)).map(({ metadata }) => metadata.name);

describe("a live Job of an earlier adapter", () => {
  test.each([
    ["of the same session", sessionId, { sessionId }],
    ["without one", "", null],
  ])(
    "is adopted for its task, %s: followed from its start, its result read, and deleted",
    async (_what, session, sessionParams) => {
      await using run = await earlierRun({ sessionId: session, secret: "owned" });
      const { host, result } = run.execute({ runtime: { sessionParams } });
      await expect.poll(() => host.output(), patiently).toBe(`${run.firstLine}\n`);
      const [job, ...others] = await jobsOf(run.emulator);
      expect(others).toEqual([]);
      expect(job?.metadata.annotations).toMatchObject({
        "claude-k8s/epoch": "1",
        "claude-k8s/run-id": "new-run",
        "claude-k8s/earlier-run-ids": '["old-run"]',
      });
      run.letGo();
      expect(await result).toMatchObject({
        errorMessage: null,
        exitCode: 0,
        summary: "Grüße 😀",
        usage: { inputTokens: 10, outputTokens: 5 },
        // Its files are where the earlier adapter kept them: it says so in the same words.
        sessionParams: { sessionId, cwd: "/paperclip/work" },
        resultJson: {
          kubernetes: { job: run.name, reattached: true, earlierRunIds: ["old-run"] },
          warnings: [expect.stringContaining("was started with the prompt of old-run")],
        },
      });
      expect((await result).sessionParams).not.toHaveProperty("place");
      expect(host.output()).toBe(run.output);
      await expectNothingLeft(run.emulator);
    },
  );

  test("and its Secret, which no Job became the owner of, goes with it", async () => {
    await using run = await earlierRun({ secret: "unowned" });
    run.letGo();
    expect((await run.execute().result).errorMessage).toBeNull();
    await expectNothingLeft(run.emulator);
  });

  test("and whether its Secret is left is told where Secrets may not be deleted", async () => {
    await using run = await earlierRun({ secret: "unowned" });
    run.emulator.deny({ verb: "delete", resource: "secrets" });
    run.letGo();
    const { host, result } = run.execute();
    expect((await result).errorMessage).toBeNull();
    expect(host.chunks.map(({ text }) => text).join("")).toContain(
      `whether the Job ${run.name} leaves the Secret ${run.name}-prompt behind is not known`,
    );
    expect(await names(run.emulator)).toEqual([]);
  });

  test("is stopped with the run that adopted it, and verified gone", async () => {
    await using run = await earlierRun({ secret: "unowned" });
    const { host, result } = run.execute();
    await expect.poll(() => host.output(), patiently).toBe(`${run.firstLine}\n`);
    host.cancel();
    expect(await result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" } },
    });
    expect(await objects(run.emulator)).toEqual([]);
  });

  test("of another task blocks a run of the agent, by its name", async () => {
    await using run = await earlierRun();
    const result = await run.execute({ context: { taskId: "task-2" } }).result;
    expect(result.errorCode).toBe("k8s_concurrent_run_blocked");
    expect(result.errorMessage).toContain(`works on a different task: Job ${run.name}`);
    expect(await names(run.emulator)).toEqual([run.name]);
  });

  test("of another task is nothing to a run that is guarded by its own, and goes on", async () => {
    await using run = await earlierRun();
    const { result } = run.execute({
      config: { guardScope: "task" },
      context: { taskId: "task-2" },
    });
    expect(await result).toMatchObject({
      errorMessage: null,
      resultJson: { kubernetes: { reattached: false } },
    });
    await expect.poll(() => names(run.emulator), patiently).toEqual([run.name]);
    const [job] = await jobsOf(run.emulator);
    expect(Object.keys(job?.metadata.annotations ?? {})).toEqual([
      "paperclip.io/adapter-type",
      "paperclip.io/agent-name",
    ]);
  });

  test.each<[what: string, run: object, options: FakeHostOptions, code: string]>([
    [
      "adopting is off",
      {},
      { config: { reattachOrphanedJobs: false } },
      "k8s_concurrent_run_blocked",
    ],
    [
      "its session is another",
      { sessionId: "11111111-8f1d-4c55-9a59-9a5a5a5a5a5a" },
      { runtime: { sessionParams: { sessionId } } },
      "k8s_orphan_session_mismatch",
    ],
    [
      "its label may be of this task",
      { taskId: "task/1" },
      { context: { taskId: "task/1" }, config: { guardScope: "task" } },
      "k8s_orphan_task_unknown",
    ],
    ["it is of this run", { runId: "new/run" }, { runId: "new/run" }, "k8s_concurrent_run_blocked"],
    [
      "the agent's id is one that labels cannot hold",
      { agentId: "team/a" },
      { agentId: "team/a", context: { taskId: "task-2" } },
      "k8s_concurrent_run_blocked",
    ],
  ])("is neither adopted nor joined by a second one when %s", async (_what, run, options, code) => {
    await using earlier = await earlierRun(run);
    const result = await earlier.execute(options).result;
    expect(result.errorCode).toBe(code);
    expect(result.errorMessage).toContain(earlier.name);
    expect(await names(earlier.emulator)).toEqual([earlier.name]);
  });

  test("that somebody suspended is not taken for an unfinished creation", async () => {
    await using run = await earlierRun({ suspend: true });
    const result = await run.execute().result;
    expect(result.errorCode).toBe("k8s_pod_reattach_failed");
    expect(result.errorMessage).toContain(run.name);
    expect(await names(run.emulator)).toEqual([run.name]);
  });
});

describe("a Job of an earlier adapter that has ended", () => {
  test("and was not read is collected, once", async () => {
    await using run = await earlierRun();
    run.letGo();
    await hasEnded(run.emulator);
    const first = run.execute();
    expect(await first.result).toMatchObject({
      errorMessage: null,
      resultJson: { kubernetes: { job: run.name, reattached: true } },
    });
    expect(first.host.output()).toBe(run.output);
    await expectNothingLeft(run.emulator);
    const second = await run.execute({ runId: "next-run" }).result;
    expect(second.resultJson).toMatchObject({ kubernetes: { reattached: false } });
  });

  test("is not read again where finished Jobs are kept, unless the run repeats its own", async () => {
    await using run = await earlierRun();
    run.letGo();
    await hasEnded(run.emulator);
    const config = { retainJobs: true };
    const fresh = await run.execute({ config }).result;
    expect(fresh.resultJson).toMatchObject({ kubernetes: { reattached: false } });
    const repeating = { retryOfRunId: "old-run" };
    const again = await run.execute({ runId: "next-run", config, context: repeating }).result;
    expect(again.resultJson).toMatchObject({ kubernetes: { job: run.name, reattached: true } });
    expect(again.resultJson?.["warnings"]).toBeUndefined();
    const kept = (await jobsOf(run.emulator)).find(({ metadata }) => metadata.name === run.name);
    expect(kept?.metadata.annotations["claude-k8s/collected-at"]).toBeDefined();
  });
});

describe("while a server with the earlier adapter still runs", () => {
  test("the Job that both follow may be deleted by it when all is said: the result is whole", async () => {
    await using run = await earlierRun({ staysOn: true });
    const { host, result } = run.execute();
    run.letGo();
    await expect.poll(() => host.output(), patiently).toBe(run.output);
    await deleteAsBefore(run.emulator, run.name);
    expect(await result).toMatchObject({ errorMessage: null, summary: "Grüße 😀" });
    await expectNothingLeft(run.emulator);
  });

  test("or by it in the middle of its work: the result says who did not do it", async () => {
    await using run = await earlierRun();
    const { host, result } = run.execute();
    await expect.poll(() => host.output(), patiently).toBe(`${run.firstLine}\n`);
    await deleteAsBefore(run.emulator, run.name);
    const { errorCode, errorMessage } = await result;
    expect(errorCode).toBe("k8s_job_deleted_externally");
    expect(errorMessage).toContain(run.name);
    await expectNothingLeft(run.emulator);
  });

  test("so may a Job of this adapter, which it takes for one left behind", async () => {
    const { program, lines } = earlierProgram(Promise.resolve(), { staysOn: true });
    await using emulator = await cluster(program);
    const server = serverProcess(emulator);
    const host = fakeHost({ runId: "new-run" });
    const result = server.execute(host.context);
    await expect.poll(() => host.output(), patiently).toBe(`${lines.join("\n")}\n`);
    const [name = ""] = await names(emulator);
    await relabelAsBefore(emulator, name, "other-run");
    const another = await server.execute(fakeHost({ runId: "third-run" }).context);
    expect(another.errorCode).toBe("k8s_concurrent_run_blocked");
    await deleteAsBefore(emulator, name);
    expect(await result).toMatchObject({ errorMessage: null, summary: "Grüße 😀" });
    await expectNothingLeft(emulator);
    await server.terminate();
  });
});

/** A run with a session that an earlier adapter stored. */
const stored = (cwd: string): FakeHostOptions => ({
  config: { workspaceVolumeClaim: "data" },
  runtime: { sessionParams: { sessionId, cwd } },
});

const uid = process.getuid?.() ?? 0;

// Another user could not give the file to the pods' user, and the run would say so.
test.runIf(uid === 0 || uid === 1000)(
  "a session of an earlier adapter is gone on with where its folder is the same in the pod",
  async () => {
    const root = mkdtempSync(path.join(tmpdir(), "claim-"));
    mkdirSync(path.join(root, ".claude/projects/-workspace"), { recursive: true });
    const file = `.claude/projects/-workspace/${sessionId}.jsonl`;
    writeFileSync(path.join(root, file), "the conversation\n");
    let argv: readonly string[] = [];
    await using emulator = await cluster(async (context) => {
      argv = context.argv;
      context.stdout.write(healthyOutput);
      return 0;
    });
    await withClaim(emulator, "data");
    const claimMounts = [{ claim: "data", mountPath: root, subPath: "", isReadOnly: false }];
    const server = serverProcess(emulator, emulator.kubeConfig, { claimMounts });
    const elsewhere = await server.execute(fakeHost(stored("/paperclip/work")).context);
    expect(argv).not.toContain("--resume");
    expect(JSON.stringify(elsewhere.resultJson?.["warnings"])).toContain(
      "worked in another folder",
    );

    const host = fakeHost({ runId: "next-run", ...stored("/workspace") });
    const result = await server.execute(host.context);
    expect(argv.join(" ")).toContain(`--resume ${sessionId}`);
    expect(JSON.stringify(result.resultJson?.["warnings"])).not.toContain("session");
    expect(host.metas[0]?.commandNotes).toContain(
      `Session ${sessionId} brought over from an earlier adapter's home`,
    );
    expect(result.sessionParams).toMatchObject({ sessionId, place: `${namespace}/data` });
    const home = path.join(root, "claude-k8s/homes", labelValue("agent:agent-1"));
    expect(readFileSync(path.join(home, file), "utf8")).toBe("the conversation\n");
    await server.terminate();
  },
);
