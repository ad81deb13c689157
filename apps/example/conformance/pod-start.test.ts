// Why a program does not start.
import type { V1Pod } from "@kubernetes/client-node";
import { describe } from "vitest";
import { test } from "./cluster.ts";
import { isTerminated, nameOf, newName, runJob } from "./job.ts";
import { create, eventually, list, podOf, readLog, textOf } from "./objects.ts";

const waiting = (pod: V1Pod): string =>
  pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? "";

const isRefused = (one: { type: string; status: string }): boolean =>
  one.type === "PodScheduled" && one.status === "False";

describe.concurrent("a program does not start", () => {
  test("without an image: ErrImagePull and ImagePullBackOff in turn", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "true", { container: { image: "nobody.invalid/none:1" } });
    const failing = await podOf(cluster, job.name, (pod) => waiting(pod) === "ErrImagePull");
    expect(failing.status?.phase).toBe("Pending");
    expect(failing.status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(
      "nobody.invalid/none:1",
    );
    const later = await podOf(cluster, job.name, (pod) => waiting(pod) === "ImagePullBackOff");
    expect(later.status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(
      'Back-off pulling image "nobody.invalid/none:1"',
    );
  });

  test("with an image whose name is none: InvalidImageName", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true", { container: { image: "Not A Name" } });
    const pod = await podOf(cluster, job.name, (one) => waiting(one) === "InvalidImageName");
    expect(pod.status?.phase).toBe("Pending");
  });

  test("with an image that must be there and is not: ErrImageNeverPull", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "true", {
      container: { image: "nobody.invalid/none:2", imagePullPolicy: "Never" },
    });
    const pod = await podOf(cluster, job.name, (one) => waiting(one) === "ErrImageNeverPull");
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(
      "is not present with pull policy of Never",
    );
  });

  test("without a node that fits: the condition says so, and the pod stays Pending", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "true", { pod: { nodeSelector: { nobody: "here" } } });
    const pod = await podOf(
      cluster,
      job.name,
      (one) => one.status?.conditions?.some(isRefused) ?? false,
    );
    expect(pod.status?.conditions?.find(isRefused)).toMatchObject({
      reason: "Unschedulable",
    });
    expect(pod.status?.conditions?.find(isRefused)?.message).toMatch(
      /^0\/\d+ nodes are available: /,
    );
    expect(pod.status?.phase).toBe("Pending");
    expect(pod.spec?.nodeName).toBeUndefined();
  });

  test("without room: more memory than any node has is Unschedulable too", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "true", {
      container: { resources: { requests: { memory: "4000Gi" } } },
    });
    const pod = await podOf(
      cluster,
      job.name,
      (one) => one.status?.conditions?.some((each) => each.reason === "Unschedulable") ?? false,
    );
    expect(pod.status?.conditions?.[0]?.message).toContain("Insufficient memory");
  });

  test("without its Secret: CreateContainerConfigError, until it comes", async ({
    cluster,
    expect,
  }) => {
    const name = newName("late");
    const job = await runJob(cluster, 'echo "$GREETING"', {
      container: {
        env: [{ name: "GREETING", valueFrom: { secretKeyRef: { name, key: "word" } } }],
      },
    });
    const pod = await podOf(
      cluster,
      job.name,
      (one) => waiting(one) === "CreateContainerConfigError",
    );
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(
      `secret "${name}" not found`,
    );
    await create(cluster, "secrets", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name },
      stringData: { word: "hello" },
    });
    const done = await podOf(cluster, job.name, isTerminated);
    expect(await textOf(await readLog(cluster, nameOf(done)))).toBe("hello\n");
  });

  test("when its command is not there: 128 with StartError or the like", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "", { container: { command: ["/nobody/here"] } });
    const pod = await podOf(cluster, job.name, isTerminated);
    const { terminated } = pod.status?.containerStatuses?.[0]?.state ?? {};
    expect(terminated?.exitCode).toBe(128);
    expect(["StartError", "ContainerCannotRun"]).toContain(terminated?.reason);
    expect(terminated?.message).toContain("/nobody/here");
  });
});

test("what goes wrong is told in events of the pod", async ({ cluster, expect }) => {
  const job = await runJob(cluster, "true", { container: { image: "nobody.invalid/none:3" } });
  const pod = await podOf(cluster, job.name, (one) => waiting(one) === "ErrImagePull");
  const fieldSelector = `involvedObject.uid=${pod.metadata?.uid ?? ""}`;
  const reasons = await eventually(async () => {
    const found = await list<{ reason: string; metadata: object }>(cluster, "events", {
      fieldSelector,
    });
    const seen = found.items.map((event) => event.reason);
    return seen.includes("Failed") ? seen : undefined;
  });
  expect(reasons).toEqual(expect.arrayContaining(["Scheduled", "Pulling", "Failed"]));
});
