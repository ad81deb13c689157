import { expect, test } from "vitest";
import {
  createJobHub,
  createJobPoller,
  type JobWatcher,
  kubeJobControl,
  kubeJobReader,
  stopJob,
} from "../src/index.ts";
import {
  jobManifest,
  label,
  type Made,
  remove,
  type TestCluster,
  watchRun,
} from "./cluster-run.ts";

type Options = Parameters<typeof jobManifest>[2];

/** What must hold on any cluster, by either way of watching. */
export function conformance(cluster: () => TestCluster, pollMs: number): void {
  const policy = { imageGraceMs: 3_000, scheduleTimeoutMs: 3_000 };
  const watchers: Readonly<Record<string, () => JobWatcher>> = {
    hub: () => createJobHub({ ...cluster(), labelSelector: `${label}=yes`, policy }),
    poller: () => createJobPoller({ reader: kubeJobReader(cluster().http), pollMs, policy }),
  };

  for (const [by, make] of Object.entries(watchers)) {
    const run = async (
      script: string,
      options?: Options,
      during?: Parameters<typeof watchRun>[3],
    ): Promise<Made> => {
      const watcher = make();
      try {
        const made = await watchRun(
          cluster(),
          watcher,
          jobManifest(cluster(), script, options),
          during,
        );
        await remove(cluster(), made.job);
        return made;
      } finally {
        await watcher.close();
      }
    };

    test.concurrent(`${by}: success, with its phases in order and its exit before its end`, async () => {
      const { end, events } = await run("sleep 1");
      expect(end).toMatchObject({ kind: "exited", sure: true, exit: { code: 0 } });
      const phases = events.flatMap((event) => (event.type === "phase" ? [event.phase] : []));
      expect(phases.slice(-2)).toEqual(["running", "ending"]);
      const types = events.map(({ type }) => type);
      expect(types.filter((type) => type === "exit" || type === "end")).toEqual(["exit", "end"]);
      expect(types).toContain("pod");
    });

    test.concurrent(`${by}: exit 3`, async () => {
      const { end } = await run("exit 3");
      expect(end).toMatchObject({ kind: "exited", sure: true, exit: { code: 3, reason: "Error" } });
    });

    test.concurrent(`${by}: an image that cannot be pulled`, async () => {
      const { end, events } = await run("true", {
        container: { image: "registry.invalid/none:1" },
      });
      expect(end).toMatchObject({ kind: "not-started", why: "image" });
      expect(events.some(({ type }) => type === "start-problem")).toBe(true);
    });

    test.concurrent(`${by}: unschedulable`, async () => {
      const { end } = await run("true", { pod: { nodeSelector: { "no-such": "node" } } });
      expect(end).toMatchObject({
        kind: "not-started",
        why: "unschedulable",
        reason: "Unschedulable",
      });
      expect(end.kind === "not-started" && end.message).not.toBe("");
    });

    test.concurrent(`${by}: deadline`, async () => {
      const { end } = await run("exec sleep 40", { spec: { activeDeadlineSeconds: 2 } });
      expect(end).toMatchObject({ kind: "deadline", sure: true });
    });

    test.concurrent(`${by}: stopped by us while running`, async () => {
      const stops: unknown[] = [];
      const { end } = await run("trap 'exit 143' TERM; sleep 40 & wait", {}, async (event, job) => {
        if (event.type !== "phase" || event.phase !== "running") return;
        const jobs = kubeJobControl(cluster().http);
        stops.push(
          await stopJob({ jobs, job, graceMs: 20_000, signal: AbortSignal.timeout(30_000) }),
        );
      });
      expect(stops).toEqual([{ kind: "gone", forced: false }]);
      expect(end).toMatchObject({ kind: "deleted", sure: true });
    });
  }

  test.concurrent("a Job that ended before the watch began", async () => {
    const { http, namespace } = cluster();
    const first = createJobHub({ ...cluster(), labelSelector: `${label}=yes` });
    const { job } = await watchRun(cluster(), first, jobManifest(cluster(), "exit 7"));
    await first.close();
    const second = createJobHub({ http, namespace, labelSelector: `${label}=yes` });
    const ends = [];
    for await (const event of second.watch(job, {
      container: "main",
      signal: AbortSignal.timeout(20_000),
    }))
      if (event.type === "end") ends.push(event.end);
    expect(ends).toMatchObject([{ kind: "exited", exit: { code: 7 } }]);
    const standing = await second.containerState(job, "main")(AbortSignal.timeout(5_000));
    expect(standing.kind).toBe("terminated");
    await second.close();
    await remove(cluster(), job);
  });
}
