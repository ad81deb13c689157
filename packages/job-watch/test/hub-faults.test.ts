import { describe, expect, test } from "vitest";
import { createJobHub, type JobEvent } from "../src/index.ts";
import {
  ended,
  json,
  lines,
  type Script,
  synced,
  theJob,
  thePod,
  watchServer,
  type WatchServer,
} from "./watch-server.ts";

const killed = { terminated: { exitCode: 9, containerID: "d" } };

async function watchAll(server: WatchServer): Promise<JobEvent[]> {
  const hub = createJobHub({
    http: server.http,
    namespace: "n",
    labelSelector: "a=b",
    random: () => 0,
  });
  const signal = AbortSignal.timeout(8_000);
  const events: JobEvent[] = [];
  try {
    const job = { namespace: "n", name: "j", uid: "u" };
    for await (const event of hub.watch(job, { container: "main", signal })) events.push(event);
  } finally {
    await hub.close();
  }
  return events;
}

const jobsOnly: Script = ({ kind, isWatch, isInitial }, answer) => {
  if (kind !== "jobs" || !isWatch) return;
  answer.writeHead(200);
  answer.write(isInitial ? lines({ type: "ADDED", object: theJob }, synced) : "");
};
const start = lines({ type: "ADDED", object: thePod({ running: {} }) }, synced);
const change = (pod: object) => lines({ type: "MODIFIED", object: pod });
const gone = lines({ type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } });
const broken = lines({ type: "ERROR", object: { kind: "Status", code: 500, message: "oops" } });

/** What the watch of the pods answers, in turn; the last is left open. */
function podWatch(...answers: readonly (string | number | readonly Buffer[])[]): Script {
  return (call, answer, nth) => {
    if (call.kind === "jobs") return jobsOnly(call, answer, nth);
    if (!call.isWatch)
      return json(answer, 200, { metadata: { resourceVersion: "9" }, items: [thePod(ended)] });
    const said = answers[Math.min(nth, answers.length - 1)];
    if (typeof said === "number") return json(answer, said, { message: "no", code: said });
    answer.writeHead(200);
    const isLast = nth >= answers.length - 1;
    const parts = typeof said === "string" ? [Buffer.from(said)] : (said ?? []);
    parts.forEach((part, index) => setTimeout(() => answer.write(part), index * 10));
    if (!isLast) setTimeout(() => answer.end(), parts.length * 10);
  };
}

const last = change(thePod(ended, "größer"));
const bytes = Buffer.from(last);
const inCharacter = bytes.indexOf("ö") + 1;

describe("the end is found when the watch", () => {
  test.each<[what: string, script: Script, watches: number]>([
    ["just works", podWatch(start + last), 1],
    ["closes cleanly, again and again", podWatch(start, "", "", last), 4],
    ["answers 410", podWatch(start, 410, start + last), 3],
    ["sends 410 as an event", podWatch(start + gone, start + last), 2],
    ["sends ERROR 500", podWatch(start + broken, last), 2],
    ["sends garbage", podWatch(`${start}{"type":\n`, last), 2],
    ["answers 500 to the first request", podWatch(500, start + last), 2],
    [
      "is cut before all objects came",
      podWatch(lines({ type: "ADDED", object: thePod({ running: {} }) }), start + last),
      2,
    ],
    [
      "splits a character",
      podWatch([Buffer.from(start), bytes.subarray(0, inCharacter), bytes.subarray(inCharacter)]),
      1,
    ],
    ["does not know WatchList (422)", podWatch(422, ""), 1],
  ])("%s", async (_what, script, watches) => {
    await using server = await watchServer(script);
    const events = await watchAll(server);
    expect(events.filter(({ type }) => type === "exit")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      type: "end",
      end: { kind: "exited", exit: { code: 3 } },
    });
    const seen = server.calls.filter(({ kind, isWatch }) => kind === "pods" && isWatch);
    expect(seen.length).toBeGreaterThanOrEqual(watches);
    expect(seen.length).toBeLessThanOrEqual(watches + 1);
  });
});

test("it resumes from the last version, and anew after 410", async () => {
  await using server = await watchServer(podWatch(start, 410, start + last));
  await watchAll(server);
  const versions = server.calls
    .filter(({ kind, isWatch }) => kind === "pods" && isWatch)
    .map(({ url }) => url.searchParams.get("resourceVersion"));
  expect(versions).toEqual([null, "5", null]);
});

test("without the right to watch it lists, and says so", async () => {
  await using server = await watchServer(({ kind, isWatch }, answer) => {
    if (isWatch) return json(answer, 403, { message: "cannot watch" });
    const items = kind === "jobs" ? [theJob] : [thePod(ended)];
    return json(answer, 200, { metadata: { resourceVersion: "9" }, items });
  });
  const events = await watchAll(server);
  expect(events.at(-1)).toMatchObject({ type: "end", end: { kind: "exited" } });
  expect(events.some((event) => event.type === "blind" && event.cause.includes("polling"))).toBe(
    true,
  );
});

test("without the right to list either it says what is missing", async () => {
  await using server = await watchServer((_call, answer) =>
    json(answer, 403, { message: "User x cannot list it" }),
  );
  await expect(watchAll(server)).rejects.toMatchObject({
    code: "JOB_WATCH_DENIED",
    message: expect.stringMatching(/list (jobs|pods).*"n"/),
  });
});

test("DELETED is believed only when the Job is gone indeed", async () => {
  let reads = 0;
  const removed = lines({
    type: "DELETED",
    object: { ...theJob, metadata: { ...theJob.metadata, resourceVersion: "8" } },
  });
  await using server = await watchServer(({ kind, isWatch, url }, answer) => {
    if (url.pathname.endsWith("/jobs/j"))
      return reads++ === 0
        ? json(answer, 200, theJob)
        : json(answer, 404, { kind: "Status", message: "none" });
    if (!isWatch) return json(answer, 200, { items: [] });
    answer.writeHead(200);
    if (kind === "pods") return void answer.write(lines(synced));
    answer.write(lines({ type: "ADDED", object: theJob }, synced));
    // Late enough for the other watch to have come whole.
    setTimeout(() => answer.write(removed), 100);
    setTimeout(() => answer.write(lines({ type: "ADDED", object: theJob }) + removed), 200);
  });
  const events = await watchAll(server);
  expect(events.at(-1)).toMatchObject({ type: "end", end: { kind: "deleted", sure: true } });
  expect(reads).toBe(2);
});

test.each<[what: string, watchOptions: { uid?: Promise<undefined> }]>([
  ["not given", {}],
  ["given as unknown", { uid: Promise.resolve(undefined) }],
])(
  "where the uid is %s it is the Job's, not that of a pod an earlier Job left",
  async (_what, uid) => {
    const leftOver = {
      metadata: {
        name: "pod-before",
        uid: "q",
        resourceVersion: "2",
        ownerReferences: [{ kind: "Job", name: "j", uid: "before", controller: true }],
      },
      status: { phase: "Failed", containerStatuses: [{ name: "main", state: killed }] },
    };
    const pods = [leftOver, thePod(ended)].map((object) => ({ type: "ADDED", object }));
    await using server = await watchServer(podWatch(lines(...pods, synced)));
    const options = { http: server.http, namespace: "n", labelSelector: "a=b" };
    const hub = createJobHub(options);
    const job = { namespace: "n", name: "j" };
    const signal = AbortSignal.timeout(4_000);
    const ends: unknown[] = [];
    for await (const event of hub.watch(job, { container: "main", signal, ...uid }))
      if (event.type === "end") ends.push(event.end);
    await hub.close();
    expect(ends).toMatchObject([{ kind: "exited", exit: { code: 3 } }]);
  },
);

test("a server that is away is told of; aborting ends the wait and the connections", async () => {
  await using server = await watchServer((_call, answer) => answer.destroy());
  const hub = createJobHub({ http: server.http, namespace: "n", labelSelector: "a=b" });
  const aborting = new AbortController();
  const events: JobEvent[] = [];
  const watching = async (): Promise<void> => {
    for await (const event of hub.watch(
      { namespace: "n", name: "j", uid: "u" },
      { container: "main", signal: aborting.signal },
    )) {
      events.push(event);
      aborting.abort(new Error("enough"));
    }
  };
  await expect(watching()).rejects.toThrow("enough");
  expect(events).toMatchObject([{ type: "blind" }]);
  await hub.close();
});
