import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startEmulator, type Emulator } from "../src/index.ts";
import {
  call,
  job,
  jobs,
  jobWith,
  jsonPatch,
  log,
  podIn,
  podOf,
  pods,
  secrets,
  until,
  watched,
} from "./support.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
});

describe("a Job from beginning to end", () => {
  test("suspended, with its Secret, resumed: the program gets arguments and stdin, the Job completes", async () => {
    emulator.program("agent:1", async (p) => {
      for await (const chunk of p.stdin) p.stdout.write(chunk);
      p.stdout.write(`${p.argv.join("|")} ${p.env["TOKEN"]} ${p.env["POD"]} no newline`);
      return 0;
    });
    const container = {
      command: ["sh", "-c", 'exec claude "$@" < /in/prompt', "claude", "a b", "$(TOKEN)"],
      env: [
        { name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "token" } } },
        { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ],
      volumeMounts: [{ name: "in", mountPath: "/in" }],
    };
    const volumes = [{ name: "in", secret: { secretName: "s" } }];
    const made = await call(
      emulator,
      "POST",
      jobs,
      job("one", container, { suspend: true }, { volumes }),
    );
    expect(made.status).toBe(201);
    const owner = { apiVersion: "batch/v1", kind: "Job", name: "one", uid: made.body.metadata.uid };
    const secret = {
      metadata: { name: "s", ownerReferences: [owner] },
      stringData: { prompt: "héllo\n", token: "t" },
    };
    expect((await call(emulator, "POST", secrets, secret)).status).toBe(201);
    expect((await call(emulator, "GET", pods)).body.items).toEqual([]);
    const resume = [{ op: "replace", path: "/spec/suspend", value: false }];
    await call(emulator, "PATCH", `${jobs}/one`, resume, jsonPatch);
    const done = await jobWith(emulator, "one", "Complete");
    const pod = await podOf(emulator, "one");
    expect((await log(emulator, pod)).body).toBe(
      `héllo\nclaude|a b|t t ${pod.metadata.name} no newline`,
    );
    expect(done.status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0 });
    expect(pod.metadata.labels).toMatchObject({
      "job-name": "one",
      "batch.kubernetes.io/controller-uid": done.metadata.uid,
    });
  });

  test("a failing program: terminated, then the log's end, then interim and terminal condition, in order", async () => {
    emulator.program("agent:1", async (p) => {
      await p.sleep(20);
      p.stdout.write("last\n");
      return 3;
    });
    await call(emulator, "POST", jobs, job("fails"));
    const pod = await podIn(emulator, "fails", "running");
    const order: string[] = [];
    const seen = (name: string) => (): void => void order.push(name);
    const both = [
      watched(
        emulator,
        `${pods}?watch=true`,
        (events) =>
          events.at(-1)?.object.status.containerStatuses[0].state.terminated !== undefined,
      ).then(seen("terminated")),
      log(emulator, pod, "follow=true").then(seen("log end")),
      watched(emulator, `${jobs}?watch=true`, (events) =>
        events
          .at(-1)
          ?.object.status.conditions?.some((one: { type: string }) => one.type === "FailureTarget"),
      ).then(seen("FailureTarget")),
      watched(emulator, `${jobs}?watch=true`, (events) =>
        events
          .at(-1)
          ?.object.status.conditions?.some((one: { type: string }) => one.type === "Failed"),
      ).then(seen("Failed")),
    ];
    await Promise.all(both);
    expect(order).toEqual(["terminated", "log end", "FailureTarget", "Failed"]);
    const failed = await jobWith(emulator, "fails", "Failed");
    expect(failed.status.conditions.map((one: { reason: string }) => one.reason)).toEqual([
      "BackoffLimitExceeded",
      "BackoffLimitExceeded",
    ]);
    expect(
      (await podOf(emulator, "fails")).status.containerStatuses[0].state.terminated,
    ).toMatchObject({ exitCode: 3, reason: "Error" });
  });

  test.each([
    ["oomKill", 137, "OOMKilled"],
    ["throw", 1, "Error"],
  ])("%s ends with %i %s", async (way, exitCode, reason) => {
    emulator.program("agent:1", async (p) => {
      if (way === "oomKill") p.oomKill();
      throw new Error("broken program");
    });
    await call(emulator, "POST", jobs, job("ends"));
    const pod = await podIn(emulator, "ends", "terminated");
    expect(pod.status.containerStatuses[0].state.terminated).toMatchObject({ exitCode, reason });
  });

  test("past its deadline a Job is failed and its pod goes", async () => {
    emulator.program("agent:1", (p) => p.sleep(60_000).then(() => 0));
    await call(emulator, "POST", jobs, job("late", {}, { activeDeadlineSeconds: 1 }));
    const failed = await jobWith(emulator, "late", "Failed");
    expect(failed.status.conditions.at(-1).reason).toBe("DeadlineExceeded");
  });

  test("a finished Job goes after its ttl, with its pod", async () => {
    emulator.program("agent:1", async () => 0);
    await call(emulator, "POST", jobs, job("brief", {}, { ttlSecondsAfterFinished: 0 }));
    await until(async () =>
      (await call(emulator, "GET", `${jobs}/brief`)).status === 404 ? true : undefined,
    );
    const left = await until(async () => {
      const { items } = (await call(emulator, "GET", pods)).body;
      return items.length === 0 ? items : undefined;
    });
    expect(left).toEqual([]);
  });
});

const init = (name: string): object => ({ name, image: "agent:1" });

describe("what keeps a pod from starting", () => {
  test("an image nobody has: ErrImagePull and ImagePullBackOff in turn, and it heals", async () => {
    await call(emulator, "POST", jobs, job("pull"));
    const reasons = new Set<string>();
    await until(async () => {
      const pod = await podIn(emulator, "pull", "waiting");
      reasons.add(pod.status.containerStatuses[0].state.waiting.reason);
      return reasons.has("ErrImagePull") && reasons.has("ImagePullBackOff") ? true : undefined;
    });
    emulator.program("agent:1", async () => 0);
    expect((await jobWith(emulator, "pull", "Complete")).status.succeeded).toBe(1);
  });

  test("a missing Secret: CreateContainerConfigError for a variable, FailedMount for a volume, until it is there", async () => {
    emulator.program("agent:1", async () => 0);
    const env = [{ name: "X", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }];
    await call(emulator, "POST", jobs, job("env", { env }));
    const volumes = [{ name: "v", secret: { secretName: "s" } }];
    await call(
      emulator,
      "POST",
      jobs,
      job("mount", { volumeMounts: [{ name: "v", mountPath: "/v" }] }, {}, { volumes }),
    );
    const waiting = await until(async () => {
      const { waiting } = (await podIn(emulator, "env", "waiting")).status.containerStatuses[0]
        .state;
      return waiting.reason === "ContainerCreating" ? undefined : waiting;
    });
    expect(waiting).toEqual({
      reason: "CreateContainerConfigError",
      message: 'secret "s" not found',
    });
    const event = await until(async () => {
      const { body } = await call(
        emulator,
        "GET",
        "/api/v1/namespaces/default/events?fieldSelector=reason%3DFailedMount",
      );
      return body.items[0];
    });
    expect(event.message).toContain('secret "s" not found');
    await call(emulator, "POST", secrets, { metadata: { name: "s" }, stringData: { k: "v" } });
    await jobWith(emulator, "env", "Complete");
    await jobWith(emulator, "mount", "Complete");
  });

  test("no node fits: Unschedulable, and its log answers 204", async () => {
    emulator.program("agent:1", async () => 0);
    await call(emulator, "POST", jobs, job("big", { resources: { requests: { cpu: "64" } } }));
    const pod = await until(async () => {
      const one = await podOf(emulator, "big");
      return one.status.conditions === undefined ? undefined : one;
    });
    expect(pod.status.conditions[0]).toMatchObject({
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: expect.stringContaining("Insufficient cpu"),
    });
    expect((await log(emulator, pod)).status).toBe(204);
  });

  test("init containers run first and in order; one that fails is the end", async () => {
    const ran: string[] = [];
    emulator.program("agent:1", async (p) => {
      ran.push(p.container);
      return p.container === "bad" ? 2 : 0;
    });
    await call(
      emulator,
      "POST",
      jobs,
      job("init", {}, {}, { initContainers: [init("a"), init("bad")] }),
    );
    await jobWith(emulator, "init", "Failed");
    expect(ran).toEqual(["a", "bad"]);
    expect((await podOf(emulator, "init")).status.phase).toBe("Failed");
  });
});
