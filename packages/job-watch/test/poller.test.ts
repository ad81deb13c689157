import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { apiJobReader, createJobPoller, describeEnd, type JobEvent } from "../src/index.ts";

const terminated = (state: object) => ({
  items: [
    {
      metadata: { name: "pod-a" },
      status: { containerStatuses: [{ name: "main", state: { terminated: state } }] },
    },
  ],
});
const running = {
  items: [{ metadata: { name: "pod-a" }, status: { phase: "Running", containerStatuses: [] } }],
};
const complete = { status: { conditions: [{ type: "Complete", status: "True" }] } };
const active = { status: { conditions: [] } };
const notFound = Object.assign(new Error("Not Found"), { response: { statusCode: 404 } });

/** Answers in turn, the last again and again; errors are thrown. */
function inTurn(answers: readonly unknown[]): () => Promise<unknown> {
  let at = 0;
  return async () => {
    const answer = answers[Math.min(at++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

function start(pods: readonly unknown[], jobs: readonly unknown[]) {
  const reader = apiJobReader({
    batch: { readNamespacedJob: inTurn(jobs) },
    core: { listNamespacedPod: inTurn(pods) },
  });
  const watcher = createJobPoller({ reader, policy: { unschedulable: "fail" } });
  const events: JobEvent[] = [];
  const state: { error?: unknown } = {};
  const aborting = new AbortController();
  const done = (async () => {
    try {
      const options = { container: "main", signal: aborting.signal };
      for await (const event of watcher.watch({ namespace: "n", name: "j", uid: "u" }, options))
        events.push(event);
    } catch (error) {
      state.error = error;
    }
  })();
  const end = () => events.flatMap((event) => (event.type === "end" ? [event.end] : []));
  return { events, end, state, done, aborting, watcher };
}

describe("over objects that say little", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    if (vi.getTimerCount() !== 0) throw new Error("a timer outlived its run");
    vi.useRealTimers();
  });

  test.each<[when: string, pods: unknown[], jobs: unknown[], withinMs: number, end: object]>([
    [
      "the Job is Complete before its pod says so",
      [running, terminated({ exitCode: 1 })],
      [complete],
      2_000,
      { kind: "exited", exit: { code: 1 } },
    ],
    [
      "the pod comes late",
      [{ items: [] }, running, terminated({ exitCode: 0 })],
      [complete],
      4_000,
      { kind: "exited", exit: { code: 0 } },
    ],
    [
      "the deadline passed",
      [running, terminated({ exitCode: 0 })],
      [
        {
          status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] },
        },
      ],
      2_000,
      { kind: "deadline" },
    ],
    [
      "the Job is gone, its pod ended",
      [running, terminated({ exitCode: 0 })],
      [notFound],
      2_000,
      { kind: "deleted", exit: { code: 0 } },
    ],
    ["Job and pod are gone", [running, { items: [] }], [notFound], 2_000, { kind: "deleted" }],
    [
      "the condition never comes",
      [running, terminated({ exitCode: 0 })],
      [active],
      32_000,
      { kind: "exited", sure: false },
    ],
    [
      "answers have no body",
      [{ items: [] }, terminated({ exitCode: 0, containerID: "c" })],
      [undefined],
      2_000,
      { kind: "exited", sure: true },
    ],
  ])("%s", async (_when, pods, jobs, withinMs, end) => {
    const watch = start(pods, jobs);
    await vi.advanceTimersByTimeAsync(withinMs);
    expect(watch.end()).toMatchObject([end]);
    await watch.done;
  });

  test("a weak exit does not end the run before its grace", async () => {
    const watch = start([terminated({ exitCode: 0 })], [active]);
    await vi.advanceTimersByTimeAsync(29_900);
    expect(watch.events.map(({ type }) => type)).toEqual(["pod", "phase", "exit"]);
    watch.aborting.abort(new Error("enough"));
    await watch.done;
    expect(watch.state.error).toMatchObject({ message: "enough" });
  });

  test("a cluster that cannot be asked is told of, and asked again", async () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const watch = start([terminated({ exitCode: 0 })], [refused, refused, complete]);
    await vi.advanceTimersByTimeAsync(4_100);
    expect(watch.events[0]).toMatchObject({ type: "blind", sinceMs: 0 });
    expect(watch.end()).toMatchObject([{ kind: "exited" }]);
    await watch.done;
  });

  test.each([
    [
      "a missing right",
      Object.assign(new Error("no"), { code: 403 }),
      { code: "JOB_WATCH_DENIED", message: expect.stringMatching(/get jobs .*"n"/) },
    ],
    ["an error of neither cluster nor network", new Error("odd"), { message: "odd" }],
  ])("%s surfaces", async (_when, error, expected) => {
    const watch = start([running], [error]);
    await watch.done;
    expect(watch.state.error).toMatchObject(expected);
  });

  test("closing ends the iteration", async () => {
    const watch = start([running], [active]);
    await vi.advanceTimersByTimeAsync(100);
    await watch.watcher.close();
    await watch.done;
    expect(watch.state.error).toMatchObject({ code: "JOB_WATCH_CLOSED" });
  });

  test.each<[words: RegExp, status: object]>([
    [
      /unschedulable: no nodes/,
      {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no nodes" },
        ],
      },
    ],
    [
      /OOMKilled/,
      {
        phase: "Failed",
        containerStatuses: [
          { name: "main", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } },
        ],
      },
    ],
    [
      /init container setup exited/,
      {
        phase: "Pending",
        initContainerStatuses: [{ name: "setup", state: { terminated: { exitCode: 1 } } }],
      },
    ],
    [
      /image pull.*pull failed/,
      {
        phase: "Pending",
        initContainerStatuses: [
          {
            name: "setup",
            state: { waiting: { reason: "ImagePullBackOff", message: "pull failed" } },
          },
        ],
      },
    ],
    [
      /crash loop/,
      {
        phase: "Pending",
        containerStatuses: [{ name: "main", state: { waiting: { reason: "CrashLoopBackOff" } } }],
      },
    ],
  ])("%s, at first sight", async (words, status) => {
    const watch = start([{ items: [{ metadata: { name: "pod-a" }, status }] }], [undefined]);
    await vi.advanceTimersByTimeAsync(10);
    const [end] = watch.end();
    expect(end && describeEnd(end)).toMatch(words);
    await watch.done;
  });
});
