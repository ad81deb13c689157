import { describe, expect, test } from "vitest";
import { judgeRefusal } from "../src/answer.ts";
import { lineSplitter } from "../src/lines.ts";
import { locatorFor } from "../src/locate.ts";
import { pauseMs } from "../src/pause.ts";
import { containerStanding, type PodLike } from "../src/pod-container-state.ts";
import { tailFor } from "../src/position.ts";
import { after, atTheStart } from "../src/progress.ts";
import type { LogRecord } from "../src/record.ts";
import { settledLimits } from "../src/settings.ts";
import { goesBack, nanoseconds, readTimestamp } from "../src/timestamp.ts";
import type { LogAnswer } from "../src/index.ts";
import { target } from "./support/collect.ts";

const second = 1_767_323_045_000_000_000n;

test.each<[line: string, ns: bigint | undefined, end: number]>([
  ["2026-01-02T03:04:05.123456789Z text", second + 123_456_789n, 31],
  ["2026-01-02T03:04:05.1Z ", second + 100_000_000n, 23],
  ["2026-01-02T03:04:05Z text", second, 21],
  ["2026-01-02T05:04:05.000000001+02:00 x", second + 1n, 36],
  ["2026-01-01T21:34:05-05:30 x", second, 26],
  ["2026-01-02T03:04:05Zx", undefined, 0],
  ["unable to retrieve container logs for containerd://x", undefined, 0],
  ["", undefined, 0],
])("the time of %j", (line, ns, end) => {
  const stamp = readTimestamp(Buffer.from(line));
  expect(stamp && nanoseconds(stamp.time)).toBe(ns);
  expect(stamp?.end ?? 0).toBe(end);
});

test.each<[last: string, next: string | undefined, back: boolean]>([
  ["2026-01-02T03:04:05.000000000Z", "2026-01-02T03:04:05.000000000Z", false],
  ["2026-01-02T03:04:05.500000000Z", "2026-01-02T03:04:05.400000000Z", false],
  ["2026-01-02T03:04:05.500000000Z", "2026-01-02T03:04:05.399999999Z", true],
  ["2026-01-02T05:04:05.000000000+02:00", "2026-01-02T03:04:05.000000000Z", false],
  ["2026-01-02T03:04:05.000000000Z", "2026-01-02T05:04:05.000000000+02:00", false],
  ["2026-01-02T05:04:05.000000000+02:00", "2026-01-02T03:04:04.000000000Z", true],
  ["2026-01-02T03:04:05.000000000Z", undefined, false],
])("from %s to %s goes back: %s", (last, next, back) => {
  expect(goesBack(last, next)).toBe(back);
});

describe("lines", () => {
  test.each([1, 2, 3, 7, 100])("come whole whatever the chunks are: %i bytes", (size) => {
    const bytes = Buffer.from("one\r\n\n💡 ünï\nrest");
    const splitter = lineSplitter(1_000);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size)
      for (const line of splitter.push(bytes.subarray(at, at + size)))
        lines.push(line.bytes.toString());
    expect(lines).toEqual(["one\r", "", "💡 ünï"]);
    expect(splitter.rest()?.bytes.toString()).toBe("rest");
  });

  test("that are too long keep their head and their length", () => {
    const splitter = lineSplitter(4);
    expect(splitter.push(Buffer.from("abc"))).toEqual([]);
    const [long, short] = splitter.push(Buffer.from("defgh\nxy\n"));
    expect([long?.bytes.toString(), long?.length]).toEqual(["abcd", 8]);
    expect([short?.bytes.toString(), short?.length]).toEqual(["xy", 2]);
    expect(splitter.rest()).toBeUndefined();
  });
});

/** `"1a 2b"`: lines at 1 ns and 2 ns. */
function records(text: string): LogRecord[] {
  return text.split(" ").map((word) => {
    const content = Buffer.from(word.slice(1));
    return { ns: BigInt(word[0] ?? 0), time: `t${word[0]}`, content, length: content.length };
  });
}

/** Which lines are taken for the last delivered one; with `?` those that may only be like it. */
function located(delivered: string, read: string, wholeFile: boolean): (number | string)[] {
  const locator = locatorFor(after(atTheStart, records(delivered)), wholeFile);
  return records(read).flatMap((record, i) => {
    const match = locator?.see(record) ?? "none";
    return match === "none" ? [] : [match === "sure" ? i : `${i}?`];
  });
}

/** Lines of one time, each with a text of its own. */
function numbered(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `2line${from + i}`).join(" ");
}

test.each<[what: string, delivered: string, read: string, wholeFile: boolean, at: unknown]>([
  ["the line after its predecessor", "1a 2b", "1a 2b 3c", false, [1]],
  ["only the line: it may be a fragment", "1a 2b", "2b 3c", false, []],
  ["another predecessor", "1a 2b", "1x 2b 3c", false, []],
  ["the same time, another text", "1a 2b", "1a 2c", false, []],
  ["the n-th of equal lines", "1a 2b 2b", "1a 2b 2b 2b", false, [2]],
  ["a block that is cut at the front", "1a 2b 2b 2b", "2b 2b 2b", false, []],
  ["a block that begins the file", "2b 2b", "2b 2b 2b", true, ["0?", 1]],
  ["a block that began the file, in a tail", "2b 2b", "2b 2b 2b", false, []],
  ["a file rotated right before our line", "1a 2b", "2b 3c", true, ["0?"]],
  ["a file rotated inside our block", "1a 2b 2c 2d", "2c 2d 2e", true, ["1?"]],
  ["a file rotated inside the block that began the last", "2b 2c 2d", "2c 2d 2e", true, ["1?"]],
  ["a file rotated inside the line before ours", "1long 2b", "1ng 2b 3c", true, ["1?"]],
  ["the same, in a tail", "1long 2b", "1ng 2b 3c", false, []],
  ["a line like ours behind others", "1a 2b", "1x 1y 2b", true, []],
  ["a file rotated inside a line of our block", "1a 2long 2b 2c", "2ng 2b 2c 3d", true, ["2?"]],
  ["another block behind a line, that ends like ours", "1a 2c 2b", "1x 2y 2b", true, []],
  [
    "a long block that the file begins with",
    `1a${" 2b".repeat(70)}`,
    `${"2b ".repeat(70)}3c`,
    true,
    expect.arrayContaining(["69?"]),
  ],
  [
    "a file rotated inside a long block",
    `1a ${numbered(0, 150)}`,
    `${numbered(50, 150)} 3c`,
    true,
    ["99?"],
  ],
  ["a file rotated after our line", "1a 2b", "3c 4d", true, []],
  ["a file that begins with a line like ours but later", "1a 2b", "2c 3c", true, []],
  ["two equal places, of which the newest counts", "1a 2b", "1a 2b 1a 2b 3c", false, [1, 3]],
  ["a fragment that is not the file's first line", "1a 2x 2long 2b", "1z 2ng 2b 3c", true, []],
  ["a block that began the file, behind another line", "2b 2c", "1z 2b 2c 3d", true, ["2?"]],
  [
    "a file rotated right before a block of more lines than are known",
    `1a ${"2x ".repeat(69)}2c`,
    `${"2x ".repeat(69)}2c 3d`,
    true,
    ["69?"],
  ],
])("a read shows %s", (_what, delivered, read, wholeFile, at) => {
  expect(located(delivered, read, wholeFile)).toEqual(at);
});

test.each<[answer: Exclude<LogAnswer, { kind: "open" }>, expected: object]>([
  [
    { kind: "not-started", message: "m" },
    { kind: "waiting", cause: "m" },
  ],
  [{ kind: "not-found" }, { kind: "unreadable" }],
  [
    { kind: "busy", retryAfterMs: 7 },
    { kind: "unreachable", retryAfterMs: 7 },
  ],
  [
    { kind: "failed", status: 0, message: "refused" },
    { kind: "unreachable", cause: "refused" },
  ],
  [
    { kind: "failed", status: 401, message: "no" },
    { kind: "unreachable", cause: "401: no" },
  ],
  [
    { kind: "failed", status: 500, message: "dial" },
    { kind: "unreadable", cause: "500: dial" },
  ],
  [{ kind: "failed", status: 400, message: "odd" }, { kind: "unreadable" }],
])("the answer %o", (answer, expected) => {
  expect(judgeRefusal(answer, target)).toMatchObject(expected);
});

test.each([
  [403, "no", "LOG_STREAM_DENIED", 'the right to get pods/log in namespace "n" is needed'],
  [400, "container x is not valid for pod p", "LOG_STREAM_GAVE_UP", "is not valid for pod p"],
])("%i (%s) ends the follow", (status, message, code, words) => {
  const judge = () => judgeRefusal({ kind: "failed", status, message }, target);
  expect(judge).toThrow(expect.objectContaining({ code }));
  expect(judge).toThrow(words);
});

const running = { name: "c", state: { running: {} } };
test.each<[what: string, pod: PodLike, kind: string]>([
  ["no status", {}, "waiting"],
  ["running", { status: { containerStatuses: [running] } }, "running"],
  ["another container", { status: { containerStatuses: [{ ...running, name: "d" }] } }, "waiting"],
  ["a failure before it started", { status: { phase: "Failed" } }, "terminated"],
  ["no container yet", { status: { phase: "Pending" } }, "waiting"],
  ["an init container", { status: { initContainerStatuses: [running] } }, "running"],
  ["another pod", { metadata: { uid: "v" }, status: { containerStatuses: [running] } }, "gone"],
  ...[
    [{ containerID: "x" }, "terminated"] as const,
    [{ finishedAt: "2026-01-01T00:00:00Z" }, "terminated"] as const,
    [{ finishedAt: null }, "unknown"] as const,
    [{}, "unknown"] as const,
  ].map(([terminated, kind]): [string, PodLike, string] => {
    const status = { containerStatuses: [{ name: "c", state: { terminated } }] };
    return [`terminated ${JSON.stringify(terminated)}`, { status }, kind];
  }),
])("a pod with %s", (_what, pod, kind) => {
  expect(containerStanding(pod, { ...target, uid: "u" }).kind).toBe(kind);
});

const ended = (exitCode: number) => ({ terminated: { containerID: "two", exitCode } });
test.each<[what: string, pod: PodLike, standing: object]>([
  ["never restarts", { spec: { restartPolicy: "Never" } }, { kind: "terminated" }],
  [
    "restarts on failure",
    { spec: { restartPolicy: "OnFailure" } },
    { kind: "waiting", mayRestart: true },
  ],
  ["always restarts", { spec: {} }, { kind: "waiting", mayRestart: true }],
  [
    "is being deleted",
    { spec: {}, metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
    { kind: "terminated" },
  ],
  [
    "never restarts, but its container does",
    { spec: { restartPolicy: "Never", containers: [{ name: "c", restartPolicy: "Always" }] } },
    { kind: "waiting", mayRestart: true },
  ],
])("a container with code 1 in a pod that %s", (_what, pod, standing) => {
  const lastState = { terminated: { containerID: "one" } };
  const containerStatuses = [{ name: "c", state: ended(1), lastState }];
  expect(containerStanding({ ...pod, status: { containerStatuses } }, target)).toEqual({
    ...standing,
    containerId: "two",
    previousId: "one",
  });
});

test.each([
  ["OnFailure", [], "terminated"],
  ["Always", [], "waiting"],
  ["Always", [{ name: "c" }], "terminated"],
  ["Always", [{ name: "c", restartPolicy: "Always" }], "waiting"],
])(
  "a container with code 0, policy %s, init containers %o",
  (restartPolicy, initContainers, kind) => {
    const containerStatuses = [{ name: "c", state: ended(0) }];
    const pod = { spec: { restartPolicy, initContainers }, status: { containerStatuses } };
    expect(containerStanding(pod, target).kind).toBe(kind);
  },
);

test("pauses double under a cap, with jitter, and are short after something came", () => {
  const limits = { retryBaseMs: 250, retryMaxMs: 3_000 };
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => pauseMs(attempt, limits, 1))).toEqual([
    125, 250, 500, 1_000, 2_000, 3_000, 3_000,
  ]);
  expect(pauseMs(50, limits, 0)).toBe(1_500);
});

test("lines of one time are a block only while no other comes between", () => {
  const first = after(atTheStart, records("1a 2b 2c"));
  expect(first.at).toMatchObject({ n: 2, ring: [expect.any(String), expect.any(String)] });
  expect(after(first, records("2d")).at).toMatchObject({ n: 3, prev: first.at?.prev });
  // A tail must go on showing the whole block and what is before it.
  const block = ["2b", "2c", "2d"].reduce(
    (progress, line) => after(progress, records(line)),
    after(atTheStart, records("1a")),
  );
  expect(block.at?.span).toBe(4);
  // The clock was set back to the very nanosecond.
  const apart = after(first, records("3x 2d"));
  expect(apart.at).toMatchObject({ n: 1, ring: [expect.any(String)] });
  expect(apart.at?.prev).not.toBe(first.at?.prev);
});

test("a tail grows with each miss, up to the whole file", () => {
  const { at } = after(atTheStart, records("1a 2b"));
  expect([0, 1, 2, 3, 4].map((misses) => tailFor(at, misses))).toEqual([
    34,
    272,
    2_176,
    17_408,
    undefined,
  ]);
  expect(tailFor(undefined, 0)).toBeUndefined();
});

test("a tail has room for the lines that are expected, within bounds", () => {
  const { at } = after(atTheStart, records("1a 2b"));
  const tails = [0, 3.5, 4.1, 20, 31.9, 500].map((expected) => tailFor(at, 0, expected));
  expect(tails).toEqual([6, 6, 7, 22, 34, 34]);
});

test.each([{ quietMs: 0 }, { maxLineBytes: 10 }, { retryMaxMs: -1 }, { lastReadsMs: Number.NaN }])(
  "the limit %o is refused by name",
  (limits) => {
    const [name] = Object.keys(limits);
    expect(() => settledLimits(limits)).toThrow(`limits.${name} must be from`);
  },
);
