// The libraries without the adapter, over the same wire.
import { buildRun } from "@claude-k8s/k8s-job-manifest";
import { createJobHub, type JobEvent } from "@claude-k8s/job-watch";
import { followLog, kubeLogSource, type LogEvent } from "@claude-k8s/log-stream";
import { createRun, kubeJobStore } from "@claude-k8s/orphan-guard";
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { hasStarted, type JobParts, nameOf, newName, runJob } from "./job.ts";
import { eventually, get, podOf, remove } from "./objects.ts";

/** All events of a Job, from before it was made to its end. */
async function watched(
  cluster: ClusterUnderTest,
  script: string,
  parts: JobParts = {},
): Promise<readonly JobEvent[]> {
  const name = newName("lib");
  const { namespace, signal } = cluster;
  const { http } = await cluster.runner();
  const hub = createJobHub({ http, namespace, labelSelector: `lib=${name}` });
  try {
    const events: JobEvent[] = [];
    const made = runJob(cluster, script, { name, labels: { lib: name }, ...parts });
    const uid = made.then((job) => job.uid);
    for await (const event of hub.watch({ namespace, name }, { container: "main", signal, uid }))
      events.push(event);
    return events;
  } finally {
    await hub.close();
  }
}

describe.concurrent("job-watch", () => {
  test("sees a Job through to its program's exit", async ({ cluster, expect }) => {
    const events = await watched(cluster, "sleep 1; exit 3");
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["phase", "pod", "exit"]),
    );
    expect(events.at(-1)).toMatchObject({
      type: "end",
      end: { kind: "exited", sure: true, exit: { code: 3, reason: "Error" } },
    });
  });

  test("says why a program does not start", async ({ cluster, expect }) => {
    const events = await watched(cluster, "true", { container: { image: "Not A Name" } });
    expect(events.at(-1)).toMatchObject({
      type: "end",
      end: { kind: "not-started", why: "image", reason: "InvalidImageName" },
    });
  });
});

test("log-stream follows a container to its proven end, every line once", async ({
  cluster,
  expect,
}) => {
  const name = newName("lib");
  const { namespace, signal } = cluster;
  const { http } = await cluster.runner();
  const hub = createJobHub({ http, namespace, labelSelector: `lib=${name}` });
  try {
    const script = "for i in 1 2 3 4 5; do echo $i; sleep 0.2; done; printf tail";
    const job = await runJob(cluster, script, { name, labels: { lib: name } });
    const pod = await podOf(cluster, name, hasStarted);
    const uid = pod.metadata?.uid ?? "";
    const events: LogEvent[] = [];
    const ended = (async () => {
      const watching = hub.watch({ namespace, ...job }, { container: "main", signal });
      for await (const event of watching) if (event.type === "end") return event.end;
      return undefined;
    })();
    for await (const event of followLog({
      source: kubeLogSource(http),
      target: { namespace, pod: nameOf(pod), uid, container: "main" },
      containerState: hub.containerState({ namespace, ...job }, "main"),
      signal,
    }))
      events.push(event);
    const lines = events.flatMap((event) => (event.type === "lines" ? event.lines : []));
    expect(lines.map(({ text }) => text)).toEqual(["1", "2", "3", "4", "5", "tail"]);
    expect(lines.at(-1)?.noNewline).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified", lines: 6 });
    expect(await ended).toMatchObject({ kind: "exited", exit: { code: 0 } });
  } finally {
    await hub.close();
  }
});

test("orphan-guard makes a Job with its Secret, once, and they go together", async ({
  cluster,
  expect,
}) => {
  const { http, namespace, image, signal } = cluster;
  const name = newName("guard");
  const store = kubeJobStore(http);
  const { job, secrets } = buildRun({
    name,
    namespace,
    labels: { lib: name },
    program: { image, argv: ["cat"], stdin: "grüß dich\n" },
    life: { ttlSecondsAfterFinished: 600, terminationGracePeriodSeconds: 5 },
  });
  const first = await createRun({ store, job, secrets, createId: "first", signal });
  expect(first.kind).toBe("created");
  expect(await createRun({ store, job, secrets, createId: "second", signal })).toMatchObject({
    kind: "exists",
  });
  await remove(cluster, ["jobs", name], { body: { propagationPolicy: "Foreground" } });
  const secret = secrets[0]?.metadata.name ?? "";
  for (const [resource, one] of [
    ["jobs", name],
    ["secrets", secret],
  ] as const) {
    const isGone = async (): Promise<true | undefined> =>
      (await get(cluster, resource, one)).kind === "not-found" ? true : undefined;
    expect(await eventually(isGone)).toBe(true);
  }
});
