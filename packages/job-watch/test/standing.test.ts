import { expect, test } from "vitest";
import { createJobPoller, type JobReader, JobWatchError } from "../src/index.ts";

const signal = new AbortController().signal;
const job = { namespace: "n", name: "j", uid: "u" };

function ask(listPods: JobReader["listPods"]): Promise<unknown> {
  const reader = { listPods, readJob: async () => undefined };
  return createJobPoller({ reader }).containerState(job, "main")(signal);
}

const blind = new JobWatchError("JOB_WATCH_BLIND", "connection refused");
const denied = new JobWatchError("JOB_WATCH_DENIED", "no right to list pods");

test("a run that is not watched any more is unknown while nobody can be asked, which ends no log", async () => {
  expect(await ask(() => Promise.reject(blind))).toEqual({ kind: "unknown" });
});

test("a missing right is told: asking again would not help", async () => {
  await expect(ask(() => Promise.reject(denied))).rejects.toBe(denied);
});

test("no pod of the Job is gone; another Job's does not count", async () => {
  const pod = { deleting: false, conditions: [], containers: [], initContainers: [] };
  const another = { ...pod, name: "p", jobUid: "before", phase: "Failed" };
  expect(await ask(async () => [another])).toEqual({ kind: "gone" });
  expect(await ask(async () => [another, { ...another, jobUid: "u" }])).toEqual({
    kind: "terminated",
  });
});
