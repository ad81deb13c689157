import { expect, test } from "vitest";
import { type JobControl, JobWatchError, stopJob, type StopOptions } from "../src/index.ts";
import { jobSnapshot, podSnapshot } from "../src/snapshot.ts";

type Ready = "True" | "Unknown" | "gone" | "denied";

/** A Job that goes when its pod has gone, and a pod that goes when it is taken away. */
function world(
  options: { node?: Ready; finalizers?: string[]; orphaned?: boolean; mayList?: boolean } = {},
) {
  const { node = "True", finalizers = [], orphaned = false, mayList = true } = options;
  const state = {
    jobIsThere: !orphaned,
    podIsThere: true,
    podDeleting: !orphaned,
    graces: [] as unknown[],
  };
  const metadata = { uid: "u", resourceVersion: "1", deletionTimestamp: "2026-01-01T00:00:00Z" };
  const jobs: JobControl = {
    async readJob() {
      if (!state.podIsThere) state.jobIsThere = false;
      return state.jobIsThere ? jobSnapshot({ metadata }) : undefined;
    },
    annotate: async () => "written",
    deleteJob: async () => "accepted",
    async listPods() {
      if (!mayList) throw new JobWatchError("JOB_WATCH_DENIED", "no");
      const deletion = state.podDeleting
        ? { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 }
        : {};
      const one = podSnapshot({
        metadata: {
          name: "p",
          uid: "q",
          finalizers,
          labels: { "controller-uid": "u" },
          ...deletion,
        },
        spec: { nodeName: "n" },
      });
      const another = podSnapshot({
        metadata: { name: "o", uid: "r", ownerReferences: [{ kind: "Job", uid: "earlier" }] },
      });
      return state.podIsThere ? [one, another] : [another];
    },
    async deletePod({ uid, graceSeconds }) {
      expect(uid).toBe("q");
      state.graces.push(graceSeconds);
      state.podIsThere = false;
      return "accepted";
    },
    async readNode(name) {
      if (node === "denied") throw new JobWatchError("JOB_WATCH_DENIED", "no");
      return node === "gone" ? undefined : { name, ready: node };
    },
  };
  const stop = (more: Partial<StopOptions> = {}) =>
    stopJob({
      jobs,
      job: { namespace: "ns", name: "j", uid: "u" },
      graceMs: 60,
      escalateAfterMs: 10,
      pollMs: 1,
      signal: AbortSignal.timeout(5_000),
      ...more,
    });
  return { state, jobs, stop };
}

test("an overdue pod on a healthy node is taken away", async () => {
  const { state, stop } = world();
  expect(await stop()).toEqual({ kind: "gone", forced: true });
  expect(state.graces).toEqual([0]);
});

test("not before it is overdue", async () => {
  const { state, stop } = world();
  expect(await stop({ escalateAfterMs: 10_000 })).toMatchObject({
    kind: "left",
    what: expect.stringContaining("pod p: it is ending"),
  });
  expect(state.graces).toEqual([]);
});

test.each<[node: Ready, what: string]>([
  ["Unknown", "its node n is not ready, and its program may still run there"],
  ["gone", "its node n is not ready"],
  ["denied", "nothing is known of its node n, where its program may still run"],
])("on a node that is %s nothing is forced, and the rest is named", async (node, what) => {
  const { state, stop } = world({ node });
  expect(await stop()).toEqual({ kind: "left", what: expect.stringContaining(what) });
  expect(state.graces).toEqual([]);
});

test("a finalizer of somebody else is named, and left alone", async () => {
  const { state, stop } = world({ finalizers: ["example.com/keeps"] });
  expect(await stop()).toMatchObject({
    what: expect.stringContaining("it waits for example.com/keeps"),
  });
  expect(state.graces).toEqual([]);
});

test("a pod that its Job left behind is deleted, with its grace", async () => {
  const { state, stop } = world({ orphaned: true });
  expect(await stop()).toEqual({ kind: "gone", forced: false });
  expect(state.graces).toEqual([undefined]);
});

test("without the right to list pods the Job's own end is what is verified", async () => {
  const { state, stop } = world({ mayList: false });
  setTimeout(() => {
    state.podIsThere = false;
  }, 20);
  expect(await stop()).toEqual({ kind: "gone", forced: false });
});

async function denied(): Promise<never> {
  throw new JobWatchError("JOB_WATCH_DENIED", "no");
}

test("a pod that may not be deleted is named", async () => {
  const { jobs, stop } = world();
  expect(await stop({ jobs: { ...jobs, deletePod: denied } })).toMatchObject({
    what: expect.stringContaining("there is no right to delete pods"),
  });
});
