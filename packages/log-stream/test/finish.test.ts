import { expect, test } from "vitest";
import { type ContainerStanding, followLog, type LogEvent } from "../src/index.ts";
import { target } from "./support/collect.ts";
import { jumpingClock } from "./support/jumping-clock.ts";
import { type FileRecord, scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

const start = 1_767_323_045_000_000_000n;
const file = toFile(
  Array.from({ length: 100 }, (_, i) => ({ ns: start + BigInt(i) * 1_000n, text: `line ${i}` })),
);
const all = file.map(({ content }) => content.toString());

/** Follows the log of a container that has ended before the first stream did. */
async function followEnded(
  records: readonly FileRecord[],
  script: readonly Step[],
  standings: readonly ContainerStanding["kind"][] = ["terminated"],
) {
  const { source, requests } = scriptedLog(records, script);
  const clock = jumpingClock();
  const startedAt = clock.now();
  let asked = 0;
  const containerState = async (): Promise<ContainerStanding> => ({
    kind: standings[Math.min(asked++, standings.length - 1)] ?? "terminated",
  });
  const signal = new AbortController().signal;
  const events: LogEvent[] = [];
  for await (const event of followLog({ source, target, containerState, signal, clock }))
    events.push(event);
  const lines = events.flatMap((event) => (event.type === "lines" ? event.lines : []));
  return {
    texts: lines.map(({ text }) => text),
    last: lines.at(-1),
    end: events.findLast((event) => event.type === "end"),
    tails: requests.map(({ tailLines }) => tailLines),
    tookMs: clock.now() - startedAt,
  };
}

test.each<[what: string, script: Step[], tails: (number | undefined)[], tookMs: [number, number]]>([
  ["a stream that came to its end, and a read", [{ before: 100 }], [undefined, 6], [0, 0]],
  [
    "a stream that came to its end, a read with more, and one that agrees",
    [{ before: 99 }, { before: 1 }],
    [undefined, 6, 6],
    [200, 200],
  ],
  // The first of them cannot know how much is new.
  [
    "a stream that was cut, and two reads a second apart",
    [{ before: 70, how: "cut" }, { before: 30 }],
    [undefined, 34, 6],
    [1_000, 1_000],
  ],
  // For longer than last reads may take: the log is not to blame for it.
  [
    "a stream that was cut, an API server that asks for a minute, and two reads",
    [{ before: 100, how: "cut" }, { answer: { kind: "busy", retryAfterMs: 60_000 } }],
    [undefined, 34, 34, 6],
    [61_000, 63_000],
  ],
])("a proof is %s", async (_what, script, tails, [fewestMs, mostMs]) => {
  const got = await followEnded(file, script);
  expect(got.end).toMatchObject({ proof: "verified", lines: 100 });
  expect(got.texts).toEqual(all);
  expect(got.tails).toEqual(tails);
  expect(got.tookMs).toBeGreaterThanOrEqual(fewestMs);
  expect(got.tookMs).toBeLessThanOrEqual(mostMs);
});

test("a stream that brought nothing proves less: two reads must agree that there is nothing", async () => {
  const got = await followEnded([], []);
  expect(got.end).toMatchObject({ proof: "verified", lines: 0 });
  expect(got.tails).toHaveLength(3);
});

test("a last line without newline that still grows is delivered when it does no more, whole", async () => {
  const rows = [
    { ns: start, text: "first" },
    { ns: start + 1_000n, text: "last ".repeat(8) },
  ];
  const records = toFile(rows, { recordBytes: 16, unterminated: true });
  const got = await followEnded(records, [{ before: 2 }, { before: 1 }, { before: 1 }]);
  expect(got.texts).toEqual(rows.map(({ text }) => text));
  expect(got.last?.noNewline).toBe(true);
  expect(got.end?.proof).toBe("verified");
});

test("a log that goes on growing after its container's end is left unverified in the end", async () => {
  const many = toFile(
    Array.from({ length: 2_000 }, (_, i) => ({ ns: start + BigInt(i), text: `line ${i}` })),
  );
  const script = Array.from({ length: 200 }, (): Step => ({ before: 1 }));
  const got = await followEnded(many, script);
  expect(got.end).toMatchObject({
    proof: "unverified",
    reason: "the log still grew although the container has ended",
  });
  expect(got.tookMs).toBeGreaterThanOrEqual(30_000);
});

test("a kubelet that is away behind an API server that was away has its time, too", async () => {
  const away: Step = { answer: { kind: "busy", retryAfterMs: 60_000 } };
  const script: Step[] = [{ before: 100 }, away, { answer: { kind: "not-found" } }, away];
  const got = await followEnded(file, [...script, { answer: { kind: "not-found" } }]);
  expect(got.end).toMatchObject({ proof: "verified", lines: 100 });
});

test("a kubelet that is away behind an API server that was nearly given up has its time, too", async () => {
  const away = Array.from({ length: 29 }, (): Step => ({
    answer: { kind: "busy", retryAfterMs: 60_000 },
  }));
  const last: Step[] = [
    { answer: { kind: "busy", retryAfterMs: 70_000 } },
    { answer: { kind: "not-found" } },
  ];
  const got = await followEnded(file, [{ before: 100 }, ...away, ...last]);
  expect(got.end).toMatchObject({ proof: "verified", lines: 100 });
  expect(got.tookMs).toBeGreaterThan(30 * 60_000);
});

test("an API server that stays away is given up", async () => {
  const away = Array.from({ length: 40 }, (): Step => ({
    answer: { kind: "busy", retryAfterMs: 60_000 },
  }));
  await expect(followEnded(file, [{ before: 100 }, ...away])).rejects.toMatchObject({
    code: "LOG_STREAM_GAVE_UP",
    message: expect.stringContaining("the end of the log could not be read for 18"),
  });
});

test("a pod that goes while its log is refused ends the wait", async () => {
  const refusals = Array.from({ length: 50 }, (): Step => ({ answer: { kind: "not-found" } }));
  const script: Step[] = [{ before: 10 }, ...refusals];
  const got = await followEnded(file, script, ["running", "terminated", "gone"]);
  expect(got.end).toMatchObject({ proof: "unverified", reason: "the pod is gone", lines: 10 });
  expect(got.tails).toHaveLength(2);
});
