import { expect, test } from "vitest";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { earlierJobChecks } from "../../src/checks/check-earlier-jobs.ts";
import { cluster, expectNothingLeft, objects } from "../support/cluster.ts";
import { command, start } from "../support/command.ts";
import { earlierJob, earlierProgram, type EarlierRun } from "../support/earlier-adapter.ts";
import { namespace } from "../support/fake-host.ts";

/** Other tests share the machine. */
const patiently = { timeout: 10_000 };

/** A cluster in which an earlier adapter's run is at work until it is let go. */
async function atWork(run: EarlierRun = {}) {
  const gate = Promise.withResolvers<void>();
  const { program, lines, printing } = earlierProgram(gate.promise);
  const emulator = await cluster(program);
  const name = await earlierJob(emulator, run);
  if (run.suspend !== true) await printing;
  return {
    emulator,
    name,
    lines,
    letGo: () => gate.resolve(),
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

const listed = async (emulator: Emulator) =>
  JSON.parse((await command(emulator, "list", "--json")).out).runs;

test("list and doctor show whose it is, and how it stands", async () => {
  await using run = await atWork();
  await expect.poll(async () => (await listed(run.emulator))[0]?.phase, patiently).toBe("running");
  expect(await listed(run.emulator)).toMatchObject([
    {
      job: run.name,
      run: "old-run",
      agent: { id: "agent-1", name: "Ada" },
      task: "task-1",
      supervisor: { state: "none" },
      notes: ["of an earlier adapter"],
    },
  ]);
  const doctor = await command(run.emulator, "doctor");
  expect(doctor.code).toBe(0);
  expect(doctor.out).toContain(`ok    Jobs of an earlier adapter in ${namespace}: ${run.name}.`);
  expect(doctor.out).toContain("The next run of each one's task adopts it");
  run.letGo();
  await expect
    .poll(async () => (await listed(run.emulator))[0]?.notes, patiently)
    .toEqual(["of an earlier adapter", "result perhaps not read"]);
});

test("logs and adopt read it, by the id of its run or the name of its Job", async () => {
  await using run = await atWork();
  const soFar = await command(run.emulator, "logs", run.name);
  expect(soFar).toEqual({ code: 0, out: `${run.lines[0]}\n`, err: "" });
  const adopting = start(run.emulator, ["adopt", "old-run", "--json"]);
  await expect
    .poll(() => adopting.err(), patiently)
    .toContain(`Following Job ${namespace}/${run.name}`);
  run.letGo();
  const adopted = await adopting.done;
  expect(adopted.code).toBe(0);
  expect(JSON.parse(adopted.out)).toMatchObject({
    run: "old-run",
    exitCode: 0,
    summary: "Grüße 😀",
  });
  const [view] = await listed(run.emulator);
  expect(view.notes).toEqual(["of an earlier adapter", "kept, result read"]);
  expect((await command(run.emulator, "doctor")).out).not.toContain("earlier adapter");
});

test.each(["owned", "unowned"] as const)(
  "stop ends it, and its Secret (%s) is gone",
  async (secret) => {
    await using run = await atWork({ secret });
    const stopped = await command(run.emulator, "stop", "old-run");
    expect(stopped).toMatchObject({ code: 0, out: expect.stringMatching(/^Verified after/) });
    expect(stopped.err).not.toContain("may be left");
    await expectNothingLeft(run.emulator);
  },
);

test("stop names the Secret that may be left", async () => {
  await using run = await atWork({ secret: "unowned" });
  run.emulator.deny({ verb: "delete", resource: "secrets" });
  const stopped = await command(run.emulator, "stop", "old-run");
  expect(stopped.code).toBe(0);
  expect(stopped.err).toContain(`A Secret ${namespace}/${run.name}-prompt may be left`);
  expect(await objects(run.emulator)).toEqual([`secrets/${run.name}-prompt`]);
});

test("sweep leaves one that runs, and one that somebody suspended", async () => {
  await using run = await atWork();
  const suspended = await earlierJob(run.emulator, { runId: "held", suspend: true });
  const swept = JSON.parse((await command(run.emulator, "sweep", "--json")).out);
  expect(swept.items).toMatchObject(
    [run.name, suspended]
      .toSorted()
      .map((job) => ({ job, action: "report", reason: "running", done: "left" })),
  );
});

test("doctor names twenty, and counts the others", () => {
  const job = {
    namespace,
    labels: {},
    annotations: {},
    suspended: false,
    readyPods: 0,
    terminatingPods: 0,
    ended: undefined,
  };
  const many = Array.from({ length: 22 }, (_, at) => ({ ...job, name: `ac-${at}` }));
  expect(earlierJobChecks(many, namespace)[0]?.message).toMatch(/ac-19 and 2 more\.$/);
  const ours = { ...job, name: "claude-a" };
  const followed = { ...job, name: "ac-1", annotations: { "claude-k8s/supervisor": "s" } };
  expect(earlierJobChecks([ours, followed], namespace)).toEqual([]);
});
