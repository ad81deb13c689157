// How a Job and its pod come, run and end.
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { describe } from "vitest";
import { test } from "./cluster.ts";
import { condition, isRunning, isTerminated, jobOf, nameOf, newName, runJob } from "./job.ts";
import {
  create,
  eventually,
  get,
  jobWhen,
  list,
  ok,
  patch,
  podOf,
  readLog,
  textOf,
} from "./objects.ts";
import { watch } from "./watch.ts";

const obedient = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

describe.concurrent("a pod of a Job", () => {
  test("carries the Job's labels, its owner and the tracking finalizer", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, obedient);
    const pod = await podOf(cluster, job.name, isRunning);
    expect(nameOf(pod)).toMatch(new RegExp(`^${job.name}-[a-z0-9]{5}$`));
    expect(pod.metadata?.labels).toMatchObject({
      "batch.kubernetes.io/controller-uid": job.uid,
      "batch.kubernetes.io/job-name": job.name,
      "controller-uid": job.uid,
      "job-name": job.name,
    });
    expect(pod.metadata?.finalizers).toContain("batch.kubernetes.io/job-tracking");
    expect(pod.metadata?.ownerReferences).toMatchObject([
      { kind: "Job", name: job.name, uid: job.uid, controller: true, blockOwnerDeletion: true },
    ]);
    expect(pod.spec?.nodeName).toBeTruthy();
    expect(pod.status?.containerStatuses).toMatchObject([
      { name: "main", restartCount: 0, started: true, ready: true },
    ]);
    expect(pod.status?.containerStatuses?.[0]?.containerID).toMatch(/^[a-z]+:\/\/\w+/);
  });

  test("is found by the uid of its Job", async ({ cluster, expect }) => {
    const job = await runJob(cluster, obedient);
    const pod = await podOf(cluster, job.name);
    const labelSelector = `batch.kubernetes.io/controller-uid=${job.uid}`;
    const found = await list(cluster, "pods", { labelSelector });
    expect(found.items.map((one) => one.metadata.uid)).toEqual([pod.metadata?.uid]);
  });
});

describe.concurrent("a suspended Job", () => {
  test("has no pod until it is resumed", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "echo hello", { spec: { suspend: true } });
    const held = await jobWhen(
      cluster,
      job.name,
      (one) => condition(one, "Suspended") !== undefined,
    );
    expect(held.status?.startTime).toBeUndefined();
    expect((await list(cluster, "pods", { labelSelector: `job-name=${job.name}` })).items).toEqual(
      [],
    );
    const resumed = ok(
      await patch<V1Job>(
        cluster,
        ["jobs", job.name],
        [{ op: "replace", path: "/spec/suspend", value: false }],
      ),
    );
    expect(resumed.spec?.suspend).toBe(false);
    const pod = await podOf(cluster, job.name, isTerminated);
    expect(await textOf(await readLog(cluster, nameOf(pod)))).toBe("hello\n");
  });
});

describe.concurrent("a program that ends", () => {
  test("well: Completed, and the Job is Complete", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true");
    const pod = await podOf(cluster, job.name, isTerminated);
    const { terminated } = pod.status?.containerStatuses?.[0]?.state ?? {};
    expect(terminated).toMatchObject({ exitCode: 0, reason: "Completed" });
    expect(terminated?.containerID).toBe(pod.status?.containerStatuses?.[0]?.containerID);
    expect(Date.parse(String(terminated?.finishedAt))).toBeGreaterThanOrEqual(
      Date.parse(String(terminated?.startedAt)),
    );
    const ended = await jobWhen(
      cluster,
      job.name,
      (one) => condition(one, "Complete") !== undefined,
    );
    expect(condition(ended, "Complete")?.reason).toBe("CompletionsReached");
    expect(condition(ended, "SuccessCriteriaMet")?.reason).toBe("CompletionsReached");
    expect(ended.status).toMatchObject({ succeeded: 1 });
    expect(ended.status?.completionTime).toBeDefined();
    expect((await podOf(cluster, job.name)).status?.phase).toBe("Succeeded");
  });

  test("badly: Error with its code, and the Job is Failed", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "exit 3");
    const pod = await podOf(cluster, job.name, isTerminated);
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 3,
      reason: "Error",
    });
    const ended = await jobWhen(cluster, job.name, (one) => condition(one, "Failed") !== undefined);
    expect(condition(ended, "Failed")).toMatchObject({
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    });
    expect(condition(ended, "FailureTarget")?.reason).toBe("BackoffLimitExceeded");
    expect(ended.status).toMatchObject({ failed: 1 });
    expect((await podOf(cluster, job.name)).status?.phase).toBe("Failed");
  });

  test("badly, with the end of its log for a message where the policy says so", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "seq 1 100; exit 3", {
      container: { terminationMessagePolicy: "FallbackToLogsOnError" },
    });
    const pod = await podOf(cluster, job.name, isTerminated);
    const { message } = pod.status?.containerStatuses?.[0]?.state?.terminated ?? {};
    const last = Array.from({ length: 80 }, (_, index) => `${index + 21}\n`);
    expect(message).toBe(last.join(""));
  });

  test("by a signal: 128 and its number", async ({ cluster, expect }) => {
    // Kubernetes makes one $ of two, so four are what the shell takes for its process id.
    const job = await runJob(cluster, "sh -c 'kill -TERM $$$$'; exit $?");
    const pod = await podOf(cluster, job.name, isTerminated);
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(143);
  });

  test("is terminated in its status before the Job has a condition", async ({
    cluster,
    expect,
  }) => {
    const name = newName("order");
    const pods = await watch<V1Pod>(cluster, "pods", { labelSelector: `job-name=${name}` });
    const jobs = await watch<V1Job>(cluster, "jobs", { fieldSelector: `metadata.name=${name}` });
    await create(cluster, "jobs", jobOf(cluster, "echo one; sleep 2; echo two", { name }));
    const started = await pods.until(({ object }) => isRunning(object));
    const pod = started.at(-1)?.object ?? {};
    const log = await readLog(cluster, nameOf(pod), { follow: true });
    expect(await textOf(log)).toBe("one\ntwo\n");
    // The log has ended: the status knows of it already, or will in a moment, and only then the Job.
    await pods.until(({ object }) => isTerminated(object));
    const seen = await jobs.until(({ object }) => condition(object, "Complete") !== undefined);
    const first = (type: string): number =>
      seen.findIndex(({ object }) => condition(object, type) !== undefined);
    expect(first("SuccessCriteriaMet")).toBeLessThan(first("Complete"));
    const terminated = (await podOf(cluster, name)).status?.containerStatuses?.[0]?.state
      ?.terminated;
    const met = seen[first("SuccessCriteriaMet")]?.object.status?.conditions?.find(
      (one) => one.type === "SuccessCriteriaMet",
    );
    expect(Date.parse(String(met?.lastTransitionTime))).toBeGreaterThanOrEqual(
      Date.parse(String(terminated?.finishedAt)),
    );
  });
});

test("a deadline that passes stops the program and fails the Job", async ({ cluster, expect }) => {
  const job = await runJob(cluster, obedient, { spec: { activeDeadlineSeconds: 2 } });
  const ended = await jobWhen(cluster, job.name, (one) => condition(one, "Failed") !== undefined);
  expect(condition(ended, "Failed")).toMatchObject({
    reason: "DeadlineExceeded",
    message: "Job was active longer than specified deadline",
  });
  // The controller deletes the pod of a Job that is over its time; the Job itself stays.
  const gone = await eventually(async () => {
    const pods = await list(cluster, "pods", { labelSelector: `job-name=${job.name}` });
    return pods.items.length === 0 ? true : undefined;
  });
  expect(gone).toBe(true);
  expect((await get(cluster, "jobs", job.name)).kind).toBe("ok");
});

test("a finished Job is deleted after its time to live", async ({ cluster }) => {
  const job = await runJob(cluster, "true", { spec: { ttlSecondsAfterFinished: 1 } });
  const jobs = await watch<V1Job>(cluster, "jobs", { fieldSelector: `metadata.name=${job.name}` });
  await jobs.until((event) => event.type === "DELETED");
});
