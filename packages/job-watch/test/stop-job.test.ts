import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { type JobControl, JobWatchError, stopJob, type StopOptions } from "../src/index.ts";
import { jobSnapshot } from "../src/snapshot.ts";

type World = {
  uid: string;
  version: number;
  annotations: Record<string, string>;
  deleting: boolean;
};

/** A Job as an API server keeps it: guarded writes, foreground deletion that ends after `looks` reads. */
function world(looks: number, conflicts = 0) {
  const state = { job: undefined as World | undefined, deletes: 0, annotated: 0 };
  state.job = {
    uid: "u",
    version: 1,
    annotations: { "claude-k8s/supervisor": "me", "claude-k8s/epoch": "2" },
    deleting: false,
  };
  let left = looks;
  let failing = conflicts;
  const jobs: JobControl = {
    async readJob() {
      if (state.job?.deleting === true && left-- <= 0) state.job = undefined;
      if (state.job === undefined) return undefined;
      const { uid, version, annotations, deleting } = state.job;
      const deletionTimestamp = deleting ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {};
      return jobSnapshot({
        metadata: { uid, resourceVersion: String(version), annotations, ...deletionTimestamp },
      });
    },
    async annotate(_job, change) {
      if (state.job === undefined) return "gone";
      if (failing-- > 0) state.job.version++;
      if (change.resourceVersion !== String(state.job.version)) return "conflict";
      state.job.annotations = { ...state.job.annotations, ...change.annotations };
      state.job.version++;
      state.annotated++;
      return "written";
    },
    async deleteJob(job) {
      if (state.job === undefined) return "gone";
      if (job.uid !== state.job.uid) return "another";
      const { resourceVersion = String(state.job.version) } = job;
      if (resourceVersion !== String(state.job.version)) return "another";
      state.deletes++;
      state.job.deleting = true;
      return "accepted";
    },
  };
  const stop = (more: Partial<StopOptions> = {}) =>
    stopJob({
      jobs,
      job: { namespace: "n", name: "j", uid: "u" },
      graceMs: 200,
      pollMs: 1,
      signal: AbortSignal.timeout(5_000),
      ...more,
    });
  return { state, jobs, stop };
}

test("it notes the intent, deletes, and waits until the Job is no more", async () => {
  const { state, stop } = world(3);
  expect(await stop({ requestedAt: "now" })).toEqual({ kind: "gone", forced: false });
  expect(state).toMatchObject({ deletes: 1, annotated: 1 });
});

test("the name may belong to another Job already: ours is gone", async () => {
  const { state, stop } = world(3);
  expect(await stop({ job: { namespace: "n", name: "j", uid: "before" } })).toMatchObject({
    kind: "gone",
  });
  expect(state.deletes).toBe(0);
});

test("a Job of another supervisor is left alone", async () => {
  const { state, stop } = world(3);
  expect(await stop({ expected: { supervisor: "me", epoch: 1 } })).toEqual({ kind: "lost" });
  expect(state).toMatchObject({ deletes: 0, annotated: 0 });
});

test("a Job that another supervisor adopts just before the deletion is left alone", async () => {
  const { state, jobs, stop } = world(0);
  const deleteJob: JobControl["deleteJob"] = async (job, signal) => {
    if (state.job?.annotations["claude-k8s/epoch"] === "2") {
      state.job.annotations = { ...state.job.annotations, "claude-k8s/epoch": "3" };
      state.job.version++;
    }
    return jobs.deleteJob(job, signal);
  };
  const expected = { supervisor: "me", epoch: 2 };
  expect(await stop({ jobs: { ...jobs, deleteJob }, expected })).toEqual({ kind: "lost" });
  expect(state.deletes).toBe(0);
});

test.each(["", ".", ".."])(
  "the name %j, which a client would send as all Jobs, is refused",
  async (name) => {
    const { state, stop } = world(0);
    await expect(stop({ job: { namespace: "n", name } })).rejects.toThrow(TypeError);
    expect(state.deletes).toBe(0);
  },
);

const never = (): Promise<never> => new Promise(() => {});

describe("a client that hangs and heeds no signal", () => {
  test("is left when the time is over", async () => {
    const { jobs, stop } = world(0);
    expect(await stop({ jobs: { ...jobs, readJob: never }, graceMs: 20 })).toEqual({
      kind: "left",
      what: expect.stringContaining("could not be asked to stop within 20 ms"),
    });
    expect(await stop({ jobs: { ...jobs, deleteJob: never }, graceMs: 20 })).toMatchObject({
      kind: "left",
    });
  });

  test("is left on abort, with its reason", async () => {
    const { jobs, stop } = world(0);
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(new Error("enough")), 10);
    const { signal } = aborting;
    await expect(
      stop({ jobs: { ...jobs, readJob: never }, graceMs: 5_000, signal }),
    ).rejects.toThrow("enough");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

async function tooLong(): Promise<never> {
  throw new JobWatchError("JOB_WATCH_BLIND", "metadata.annotations: Too long");
}

test("an intent that cannot be noted does not keep it from deleting", async () => {
  const { state, jobs, stop } = world(0);
  expect(await stop({ jobs: { ...jobs, annotate: tooLong } })).toMatchObject({ kind: "gone" });
  expect(state).toMatchObject({ deletes: 1, annotated: 0 });
});

test.each([1, 50])("%i conflicts do not keep it from deleting", async (conflicts) => {
  const { state, stop } = world(0, conflicts);
  expect(await stop({ expected: { supervisor: "me", epoch: 2 } })).toMatchObject({ kind: "gone" });
  expect(state.deletes).toBe(1);
});

test("what does not go in time is named", async () => {
  const { stop } = world(Infinity);
  expect(await stop({ graceMs: 20 })).toEqual({
    kind: "left",
    what: expect.stringContaining("Job n/j: still there"),
  });
});

test("two at once, and again afterwards, all see it gone", async () => {
  const { stop } = world(5);
  const outcomes = [...(await Promise.all([stop(), stop()])), await stop()];
  expect(outcomes.map(({ kind }) => kind)).toEqual(["gone", "gone", "gone"]);
});

test("a blind cluster is asked again; a missing right surfaces", async () => {
  const { jobs, stop } = world(0);
  let blind = 2;
  const readJob: JobControl["readJob"] = async (job, signal) => {
    if (blind-- > 0) throw new JobWatchError("JOB_WATCH_BLIND", "away");
    return jobs.readJob(job, signal);
  };
  expect(await stop({ jobs: { ...jobs, readJob } })).toMatchObject({ kind: "gone" });
  const denied = new JobWatchError("JOB_WATCH_DENIED", "no");
  const deleteJob = async (): Promise<never> => {
    throw denied;
  };
  await expect(world(0).stop({ jobs: { ...world(0).jobs, deleteJob } })).rejects.toBe(denied);
});
