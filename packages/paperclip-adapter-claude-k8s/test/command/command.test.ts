// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { annotations } from "@claude-k8s/orphan-guard";
import { cluster, expectNothingLeft } from "../support/cluster.ts";
import { namespace } from "../support/fake-host.ts";
import { command, leftBehind, start } from "../support/command.ts";
import { healthyOutput } from "../support/transcript.ts";

/** A program that prints, waits until it is let go, and prints its result. */
async function waiting(): Promise<{ emulator: Emulator; go: () => void }> {
  const gate = Promise.withResolvers<void>();
  const emulator = await cluster(async ({ stdout, signal }) => {
    stdout.write("first\n");
    const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await Promise.race([gate.promise, ended]);
    if (signal.aborted) return 143;
    stdout.write(healthyOutput);
    return 0;
  });
  return { emulator, go: () => gate.resolve() };
}

interface RawJob {
  readonly metadata: { name: string; annotations: Record<string, string> };
}

async function onlyJob(emulator: Emulator): Promise<RawJob> {
  const answer = await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs`);
  const { items } = (await answer.json()) as { items: RawJob[] };
  expect(items).toHaveLength(1);
  return items[0] as RawJob;
}

async function annotate(emulator: Emulator, marks: Record<string, string>): Promise<void> {
  const { metadata } = await onlyJob(emulator);
  await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs/${metadata.name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ metadata: { annotations: marks } }),
  });
}

/** A Lease as a server process writes it, renewed until the emulator is gone. */
async function lease(
  emulator: Emulator,
  identity: string,
  seconds: number,
): Promise<() => Promise<void>> {
  const path = `${emulator.url}/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const name = `claude-k8s-${identity}`;
  const spec = { holderIdentity: identity, leaseDurationSeconds: seconds };
  await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      metadata: { name, labels: { "claude-k8s/lease": "supervisor" } },
      spec,
    }),
  });
  let count = 0;
  return async () => {
    count += 1;
    await fetch(`${path}/${name}`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ spec: { leaseTransitions: count } }),
    });
  };
}

test("list: nothing, and then a run that nobody follows", async () => {
  const { emulator, go } = await waiting();
  await using _ = emulator;
  expect(await command(emulator, "list")).toMatchObject({
    code: 0,
    out: "",
    err: expect.stringContaining(`No runs in namespace ${namespace}`),
  });
  await leftBehind(emulator);
  const listed = await command(emulator, "list");
  expect(listed.code).toBe(0);
  expect(listed.out).toMatch(/^RUN +AGENT +TASK +PHASE +SUPERVISED BY +AGE/);
  expect(listed.out).toMatch(/^run-1 +Ada +task-1 +running +none /m);
  expect((await command(emulator, "list", "-A")).out).toContain(`${namespace} `);
  const { runs } = JSON.parse((await command(emulator, "list", "--json")).out);
  expect(runs).toMatchObject([
    { run: "run-1", task: "task-1", phase: "running", supervisor: { state: "none" }, namespace },
  ]);
  expect(Date.parse(runs[0].cursor)).not.toBeNaN();
  go();
  await expect
    .poll(async () => (await command(emulator, "list")).out, { interval: 50 })
    .toMatch(/exited 0 .*result not read/);
});

test("list: a supervisor is told by its Lease, and proved live, stale or gone", async () => {
  const { emulator } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  await annotate(emulator, { [annotations.supervisor]: "server-a" });
  const supervisor = async (...options: string[]) =>
    JSON.parse((await command(emulator, "list", "--json", ...options)).out).runs[0].supervisor;
  expect(await supervisor()).toMatchObject({ state: "none", identity: "server-a" });
  const renew = await lease(emulator, "server-a", 1);
  expect(await supervisor()).toMatchObject({ state: "unknown" });
  const observing = supervisor("--observe");
  const renewing = setInterval(() => void renew(), 100);
  expect(await observing).toMatchObject({ state: "live" });
  const refused = await command(emulator, "adopt", "run-1");
  clearInterval(renewing);
  expect(refused).toMatchObject({
    code: 4,
    err: expect.stringContaining("server process server-a follows it"),
  });
  expect(await supervisor("--observe")).toMatchObject({ state: "stale" });
});

test("logs: what there is, and with -f to the end, every line once", async () => {
  const { emulator, go } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  expect(await command(emulator, "logs", "run-1")).toEqual({ code: 0, out: "first\n", err: "" });
  const following = start(emulator, ["logs", "run-1", "-f"]);
  await expect.poll(following.out, { interval: 20 }).toBe("first\n");
  go();
  const followed = await following.done;
  expect(followed.out).toBe(`first\n${healthyOutput}`);
  expect(followed).toMatchObject({ code: 0, err: expect.stringContaining("end is verified") });
  const whole = await command(emulator, "logs", "run-1");
  expect(whole).toEqual({ code: 0, out: `first\n${healthyOutput}`, err: "" });
  const read = await command(emulator, "logs", "run-1", "--transcript");
  expect(read.out).not.toContain('{"type"');
  expect(read.code).toBe(0);
});

test("logs: Ctrl-C and a closed pipe end it without a word, and the run goes on", async () => {
  const { emulator } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  for (const [reason, code] of [
    [{ kind: "signal", name: "SIGINT" }, 130],
    [{ kind: "closed", why: "write EPIPE" }, 141],
  ] as const) {
    const following = start(emulator, ["logs", "run-1", "-f"]);
    await expect.poll(following.out, { interval: 20 }).toBe("first\n");
    following.end(reason);
    const ended = await following.done;
    expect(ended.code).toBe(code);
    expect(ended.err).not.toContain("claude-k8s:");
  }
  expect((await command(emulator, "list")).out).toContain("running");
});

test("stop: verified gone; of no such run, code 3", async () => {
  const { emulator } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  const stopped = await command(emulator, "stop", "run-1");
  expect(stopped).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Verified after .* are gone/),
  });
  await expectNothingLeft(emulator);
  const again = await command(emulator, "stop", "run-1", "--json");
  expect(again).toMatchObject({ code: 3, out: "", err: expect.stringContaining('no run "run-1"') });
});

test("stop: one that is not over in time is not verified", async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    stdout.write("first\n");
    for (let i = 0; i < 100; i += 1) await sleep(50).catch(() => {});
    return 0;
  });
  await leftBehind(emulator);
  const stopped = await command(emulator, "stop", "run-1", "--timeout", "1");
  expect(stopped).toMatchObject({ code: 1, out: expect.stringMatching(/^Not verified: Job /) });
});

test("adopt: to the end, with its result; then it is read, and no Lease is left", async () => {
  const { emulator, go } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  const adopting = start(emulator, ["adopt", "run-1", "--json"]);
  await expect.poll(adopting.err, { interval: 20 }).toContain("Following Job");
  const identity = (await onlyJob(emulator)).metadata.annotations[annotations.supervisor];
  expect(identity).toMatch(/^adopt-/);
  go();
  const adopted = await adopting.done;
  expect(adopted.code).toBe(0);
  expect(JSON.parse(adopted.out)).toMatchObject({ run: "run-1", exitCode: 0, errorMessage: null });
  const marks = (await onlyJob(emulator)).metadata.annotations;
  expect(marks[annotations.collectedAt]).toBeDefined();
  expect(marks[annotations.supervisor]).toBeUndefined();
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/claude-k8s-${identity}`;
  expect((await fetch(emulator.url + path)).status).toBe(404);
  const again = await command(emulator, "adopt", "run-1");
  expect(again).toMatchObject({ code: 4, err: expect.stringContaining("its result was read") });
});

test("adopt: Ctrl-C gives the run back", async () => {
  const { emulator } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  const adopting = start(emulator, ["adopt", "run-1"]);
  await expect.poll(adopting.err, { interval: 20 }).toContain("running");
  adopting.end();
  expect((await adopting.done).code).toBe(130);
  const marks = (await onlyJob(emulator)).metadata.annotations;
  expect(marks[annotations.supervisor]).toBeUndefined();
  expect(marks[annotations.collectedAt]).toBeUndefined();
});

test("sweep: tells, and then does; what runs is reported", async () => {
  const { emulator, go } = await waiting();
  await using _ = emulator;
  await leftBehind(emulator);
  const dry = await command(emulator, "sweep", "--dry-run");
  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/left .*nobody follows it .*claude-k8s adopt/),
  });
  go();
  const planned = async (): Promise<unknown> => {
    const { out } = await command(emulator, "sweep", "--dry-run", "--unread", "0s", "--json");
    return JSON.parse(out);
  };
  // A pod has ended a while before its Job has.
  await expect.poll(planned, { interval: 50 }).toMatchObject({
    dryRun: true,
    items: [{ run: "run-1", action: "delete", reason: "unread", done: "would be deleted" }],
  });
  await onlyJob(emulator);
  const swept = await command(emulator, "sweep", "--unread", "0s");
  expect(swept).toMatchObject({ code: 0, out: expect.stringContaining("deleted") });
  await expectNothingLeft(emulator);
});

test("doctor: names a missing right, what does not work without it, and the rule to add", async () => {
  await using emulator = await cluster(async () => 0);
  expect(await command(emulator, "doctor")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Nothing is in the way of runs."),
  });
  using denied = emulator.deny({ verb: "get", resource: "pods", subresource: "log" });
  expect(denied).toBeDefined();
  const ill = await command(emulator, "doctor");
  expect(ill.code).toBe(1);
  expect(ill.out).toContain(
    `FAIL  May not get pods/log in ${namespace}, which is used to read what`,
  );
  expect(ill.out).toContain('{apiGroups: [""], resources: ["pods/log"], verbs: ["get"]}');
  const { status, checks } = JSON.parse((await command(emulator, "doctor", "--json")).out);
  expect(status).toBe("fail");
  expect(checks.filter(({ level }: { level: string }) => level === "error")).toHaveLength(1);
});

test("a cluster that cannot be asked, or a right that is missing: code 5, and why", async () => {
  await using emulator = await cluster(async () => 0);
  {
    using denied = emulator.deny({ verb: "list", resource: "jobs" });
    expect(denied).toBeDefined();
    const refused = await command(emulator, "list");
    expect(refused).toMatchObject({ code: 5, out: "", err: expect.stringContaining("list") });
  }
  using cut = emulator.faults.add({ on: {}, do: { kind: "refuse" } });
  expect(cut).toBeDefined();
  expect((await command(emulator, "list")).code).toBe(5);
  expect((await command(emulator, "doctor")).code).toBe(1);
});
