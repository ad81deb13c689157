// How Jobs, their pods and their Secrets go.
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { condition, isRunning, nameOf, newName, runJob } from "./job.ts";
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
  refused,
  remove,
  textOf,
} from "./objects.ts";
import { watch } from "./watch.ts";

const forever = "while :; do sleep 0.1; done";
/** Ends by itself when told to. */
const obedient = `trap 'exit 0' TERM; ${forever}`;

async function isGone(
  cluster: ClusterUnderTest,
  resource: string,
  name: string,
): Promise<boolean | undefined> {
  return (await get(cluster, resource, name)).kind === "not-found" ? true : undefined;
}

async function podsOf(cluster: ClusterUnderTest, job: string): Promise<readonly V1Pod[]> {
  return (await list<V1Pod>(cluster, "pods", { labelSelector: `job-name=${job}` })).items;
}

describe.concurrent("a Job is deleted", () => {
  test("not when its uid is another", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true", { spec: { suspend: true } });
    const preconditions = { uid: "00000000-0000-4000-8000-000000000000" };
    const answer = await remove(cluster, ["jobs", job.name], { body: { preconditions } });
    expect(answer.kind).toBe("conflict");
    expect(refused(answer)).toMatchObject({ code: 409, reason: "Conflict" });
    expect((await get(cluster, "jobs", job.name)).kind).toBe("ok");
  });

  test("not when its resourceVersion is another", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true", { spec: { suspend: true } });
    const seen = ok(await get(cluster, "jobs", job.name)).metadata.resourceVersion;
    await patch(cluster, ["jobs", job.name], { metadata: { labels: { other: "writer" } } });
    const preconditions = { uid: job.uid, resourceVersion: seen };
    const answer = await remove(cluster, ["jobs", job.name], { body: { preconditions } });
    expect(refused(answer)).toMatchObject({ code: 409, reason: "Conflict" });
  });

  test("a name that nothing has is a 404", async ({ cluster, expect }) => {
    expect((await remove(cluster, ["jobs", "nobody"])).kind).toBe("not-found");
  });

  test("without a policy its pods stay, without owner", async ({ cluster, expect }) => {
    const job = await runJob(cluster, obedient);
    const pod = await podOf(cluster, job.name, isRunning);
    await remove(cluster, ["jobs", job.name]);
    await eventually(() => isGone(cluster, "jobs", job.name));
    const left = await podOf(
      cluster,
      job.name,
      (one) => (one.metadata?.ownerReferences ?? []).length === 0,
    );
    expect(left.metadata?.uid).toBe(pod.metadata?.uid);
    expect(left.metadata?.deletionTimestamp).toBeUndefined();
  });

  test("with a body, the policy of the query does not count", async ({ cluster, expect }) => {
    const job = await runJob(cluster, obedient);
    await podOf(cluster, job.name, isRunning);
    await remove(cluster, ["jobs", job.name], {
      body: { preconditions: { uid: job.uid } },
      query: { propagationPolicy: "Foreground" },
    });
    await eventually(() => isGone(cluster, "jobs", job.name));
    const left = await podOf(
      cluster,
      job.name,
      (one) => (one.metadata?.ownerReferences ?? []).length === 0,
    );
    expect(left.metadata?.deletionTimestamp).toBeUndefined();
  });

  test("in the background it goes at once and its pods follow", async ({ cluster, expect }) => {
    const job = await runJob(cluster, obedient);
    await podOf(cluster, job.name, isRunning);
    const body = { propagationPolicy: "Background", preconditions: { uid: job.uid } };
    await remove(cluster, ["jobs", job.name], { body });
    expect((await get(cluster, "jobs", job.name)).kind).toBe("not-found");
    await eventually(async () =>
      (await podsOf(cluster, job.name)).length === 0 ? true : undefined,
    );
  });

  test("in the foreground it keeps its name until its pods are gone", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, obedient);
    await podOf(cluster, job.name, isRunning);
    const seen = await watch<V1Job>(cluster, "jobs", {
      fieldSelector: `metadata.name=${job.name}`,
    });
    const body = { propagationPolicy: "Foreground", preconditions: { uid: job.uid } };
    const answer = ok(await remove(cluster, ["jobs", job.name], { body }));
    expect(answer).toMatchObject({
      kind: "Job",
      metadata: { uid: job.uid, finalizers: ["foregroundDeletion"] },
    });
    const again = create(cluster, "jobs", {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: job.name },
      spec: {
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "main", image: "any" }] },
        },
      },
    });
    await expect(again).rejects.toThrow(/object is being deleted|already exists/);
    await seen.until((event) => event.type === "DELETED");
    expect(await podsOf(cluster, job.name)).toEqual([]);
    expect(await isGone(cluster, "jobs", job.name)).toBe(true);
  });
});

describe.concurrent("what a Job owns", () => {
  test.for(["Background", "Foreground"])(
    "its Secret goes with it (%s)",
    async (policy, { cluster, expect }) => {
      const job = await runJob(cluster, "true", { spec: { suspend: true } });
      const secret = newName("owned");
      await create(cluster, "secrets", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: secret,
          ownerReferences: [
            { apiVersion: "batch/v1", kind: "Job", name: job.name, uid: job.uid, controller: true },
          ],
        },
      });
      await remove(cluster, ["jobs", job.name], {
        body: { propagationPolicy: policy, preconditions: { uid: job.uid } },
      });
      expect(await eventually(() => isGone(cluster, "jobs", job.name))).toBe(true);
      expect(await eventually(() => isGone(cluster, "secrets", secret))).toBe(true);
    },
  );

  test("a Secret whose owner never was is collected", async ({ cluster, expect }) => {
    const secret = newName("orphan");
    await create(cluster, "secrets", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: secret,
        ownerReferences: [
          {
            apiVersion: "batch/v1",
            kind: "Job",
            name: "nobody",
            uid: "00000000-0000-4000-8000-000000000001",
          },
        ],
      },
    });
    expect(await eventually(() => isGone(cluster, "secrets", secret))).toBe(true);
  });
});

describe.concurrent("the program of a Job that is deleted", () => {
  test("gets SIGTERM, and its last words are in the log", async ({ cluster, expect }) => {
    const job = await runJob(cluster, `trap 'echo bye; exit 7' TERM; echo up; ${forever}`);
    const pod = await podOf(cluster, job.name, isRunning);
    const log = await readLog(cluster, nameOf(pod), { follow: true });
    // The trap must be set before the signal comes.
    await eventually(async () =>
      (await textOf(await readLog(cluster, nameOf(pod)))) === "up\n" ? true : undefined,
    );
    await remove(cluster, ["jobs", job.name], {
      body: { propagationPolicy: "Foreground", preconditions: { uid: job.uid } },
    });
    expect(await textOf(log)).toBe("up\nbye\n");
  });

  test("is killed when it does not listen", async ({ cluster, expect }) => {
    const job = await runJob(cluster, `trap '' TERM; echo up; ${forever}`, {
      pod: { terminationGracePeriodSeconds: 1 },
    });
    const pod = await podOf(cluster, job.name, isRunning);
    const seen = await watch<V1Pod>(cluster, "pods", {
      fieldSelector: `metadata.name=${nameOf(pod)}`,
    });
    await eventually(async () =>
      (await textOf(await readLog(cluster, nameOf(pod)))) === "up\n" ? true : undefined,
    );
    await remove(cluster, ["jobs", job.name], { body: { propagationPolicy: "Foreground" } });
    const events = await seen.until((event) => event.type === "DELETED");
    const exits = events.flatMap(
      (event) => event.object.status?.containerStatuses?.[0]?.state?.terminated ?? [],
    );
    expect(exits.at(-1)).toMatchObject({ exitCode: 137, reason: "Error" });
  });
});

test("suspending a Job takes its pod, and says so", async ({ cluster, expect }) => {
  const job = await runJob(cluster, obedient);
  await podOf(cluster, job.name, isRunning);
  await patch(cluster, ["jobs", job.name], { spec: { suspend: true } });
  await eventually(async () => ((await podsOf(cluster, job.name)).length === 0 ? true : undefined));
  const held = await jobWhen(cluster, job.name, (one) => condition(one, "Suspended") !== undefined);
  expect(condition(held, "Suspended")?.reason).toBe("JobSuspended");
  expect(condition(held, "Failed")).toBeUndefined();
});
