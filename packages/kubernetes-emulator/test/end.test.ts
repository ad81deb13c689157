import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startEmulator, type Emulator } from "../src/index.ts";
import {
  call,
  job,
  jobs,
  jobWith,
  log,
  mergePatch,
  podIn,
  podOf,
  pods,
  secrets,
  until,
} from "./support.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
  emulator.program("agent:1", async (p) => {
    p.stdout.write("begun\n");
    try {
      await p.sleep(60_000);
    } catch {
      p.stdout.write("SIGTERM\n");
      if (p.env["STUBBORN"] !== undefined) await p.sleep(60_000);
      await p.sleep(10);
      p.stdout.write("bye\n");
    }
    return 0;
  });
});
afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
});

const gone = (path: string): Promise<true> =>
  until(async () => ((await call(emulator, "GET", path)).status === 404 ? true : undefined));

describe("deleting a Job", () => {
  test("in the foreground: SIGTERM, the follow runs to its end, the name is free only when the pod is gone", async () => {
    const made = await call(emulator, "POST", jobs, job("a"));
    const { uid } = made.body.metadata;
    const owner = { apiVersion: "batch/v1", kind: "Job", name: "a", uid };
    await call(emulator, "POST", secrets, { metadata: { name: "s", ownerReferences: [owner] } });
    const pod = await podIn(emulator, "a", "running");
    const follow = log(emulator, pod, "follow=true");
    const options = { propagationPolicy: "Foreground", preconditions: { uid } };
    const deleted = await call(emulator, "DELETE", `${jobs}/a`, options);
    expect(deleted.body.metadata.finalizers).toEqual(["foregroundDeletion"]);
    const again = await call(emulator, "POST", jobs, job("a"));
    expect(again.body.message).toBe('object is being deleted: jobs.batch "a" already exists');
    expect((await follow).body).toBe("begun\nSIGTERM\nbye\n");
    await gone(`${jobs}/a`);
    expect((await log(emulator, pod)).status).toBe(404);
    expect((await call(emulator, "GET", pods)).body.items).toEqual([]);
    await gone(`${secrets}/s`);
  });

  test("without a word about it, or with the word in the query beside a body, orphans the pod", async () => {
    await call(emulator, "POST", jobs, job("a"));
    await podIn(emulator, "a", "running");
    await call(emulator, "DELETE", `${jobs}/a?propagationPolicy=Foreground`, {});
    await gone(`${jobs}/a`);
    expect((await podOf(emulator, "a")).metadata.ownerReferences).toBeUndefined();
  });

  test("in the background: the Job at once, the pod after it", async () => {
    await call(emulator, "POST", jobs, job("a"));
    const pod = await podIn(emulator, "a", "running");
    await call(emulator, "DELETE", `${jobs}/a?propagationPolicy=Background`);
    expect((await call(emulator, "GET", `${jobs}/a`)).status).toBe(404);
    await gone(`${pods}/${pod.metadata.name}`);
  });

  test("what ignores SIGTERM is killed after its grace", async () => {
    await call(emulator, "POST", jobs, job("a", { env: [{ name: "STUBBORN", value: "1" }] }));
    const pod = await podIn(emulator, "a", "running");
    const follow = log(emulator, pod, "follow=true");
    await call(emulator, "DELETE", `${jobs}/a`, { propagationPolicy: "Foreground" });
    expect((await follow).body).toBe("begun\nSIGTERM\n");
    await gone(`${jobs}/a`);
  });

  test("preconditions of another uid or version are a 409", async () => {
    await call(emulator, "POST", jobs, job("a"));
    for (const preconditions of [{ uid: "other" }, { resourceVersion: "1" }]) {
      const refused = await call(emulator, "DELETE", `${jobs}/a`, { preconditions });
      expect(refused).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    }
  });

  test("a collection by labels", async () => {
    await call(emulator, "POST", secrets, { metadata: { name: "x", labels: { k: "v" } } });
    await call(emulator, "POST", secrets, { metadata: { name: "y" } });
    await call(emulator, "DELETE", `${secrets}?labelSelector=k%3Dv`);
    const { body } = await call(emulator, "GET", secrets);
    expect(body.items.map((one: { metadata: { name: string } }) => one.metadata.name)).toEqual([
      "y",
    ]);
  });
});

test("what loses its last owner goes, also when it is a patch that names one who is not there", async () => {
  const made = await call(emulator, "POST", jobs, job("a"));
  const { uid } = made.body.metadata;
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "a", uid };
  await call(emulator, "POST", secrets, { metadata: { name: "kept", ownerReferences: [owner] } });
  await call(emulator, "POST", secrets, { metadata: { name: "s", ownerReferences: [owner] } });
  const nobody = [{ ...owner, name: "b", uid: "nobody" }];
  await call(
    emulator,
    "PATCH",
    `${secrets}/s`,
    { metadata: { ownerReferences: nobody } },
    mergePatch,
  );
  expect(await gone(`${secrets}/s`)).toBe(true);
  const both = { metadata: { ownerReferences: [owner, ...nobody] } };
  expect((await call(emulator, "PATCH", `${secrets}/kept`, both, mergePatch)).status).toBe(200);
  expect((await call(emulator, "GET", `${secrets}/kept`)).status).toBe(200);
  await call(emulator, "DELETE", `${jobs}/a`, { propagationPolicy: "Background" });
  expect(await gone(`${secrets}/kept`)).toBe(true);
});

test("a deleted pod fails its Job when the pod has ended, and is not repeated", async () => {
  await call(emulator, "POST", jobs, job("a", {}, { podReplacementPolicy: "Failed" }));
  const pod = await podIn(emulator, "a", "running");
  await call(emulator, "DELETE", `${pods}/${pod.metadata.name}`, { gracePeriodSeconds: 0 });
  await jobWith(emulator, "a", "Failed");
  const created = "/api/v1/namespaces/default/events?fieldSelector=reason%3DSuccessfulCreate";
  expect((await call(emulator, "GET", created)).body.items).toHaveLength(1);
});

describe("the node", () => {
  test("a follow cut cleanly ends like any other, one reset does not; the container goes on", async () => {
    await call(emulator, "POST", jobs, job("a"));
    const pod = await podIn(emulator, "a", "running");
    const follow = async (): Promise<Response> => {
      const response = await fetch(`${emulator.url}${pods}/${pod.metadata.name}/log?follow=true`);
      return response;
    };
    const clean = await follow();
    expect(emulator.node.cutLogStreams("clean")).toBe(1);
    expect(await clean.text()).toMatch(/^(begun\n)?$/);
    const reset = await follow();
    expect(emulator.node.cutLogStreams("reset")).toBe(1);
    await expect(reset.text()).rejects.toThrow(/terminated/);
    expect((await podOf(emulator, "a")).status.containerStatuses[0].state.running).toBeDefined();
  });

  test("its kubelet restarts: 500, then 404, then 200", async () => {
    await call(emulator, "POST", jobs, job("a"));
    const pod = await podIn(emulator, "a", "running");
    const follow = await fetch(`${emulator.url}${pods}/${pod.metadata.name}/log?follow=true`);
    const back = emulator.node.restartKubelet({ downMs: 60, unknownMs: 60 });
    expect(await follow.text()).toBe("begun\n");
    const statuses: number[] = [];
    await until(async () => {
      const { status } = await log(emulator, pod);
      if (statuses.at(-1) !== status) statuses.push(status);
      return status === 200 ? true : undefined;
    });
    await back;
    expect(statuses).toEqual([500, 404, 200]);
  });
});

test("disposing ends programs, watches and sockets", async () => {
  await call(emulator, "POST", jobs, job("a"));
  await podIn(emulator, "a", "running");
  const watch = await fetch(`${emulator.url}${jobs}?watch=true`);
  await emulator[Symbol.asyncDispose]();
  await expect(watch.text()).rejects.toThrow(/terminated/);
  expect(emulator.connections()).toBe(0);
});
