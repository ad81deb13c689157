import { describe, expect, test } from "vitest";
import type { ContainerStanding, LogSource } from "../src/index.ts";
import { catchUp } from "../src/catch-up.ts";
import { parseCursor } from "../src/index.ts";
import { lineSplitter } from "../src/lines.ts";
import { after, atTheStart, type Progress } from "../src/progress.ts";
import { readRecord } from "../src/record.ts";
import { collect } from "./support/collect.ts";
import { followerOf } from "./support/follower.ts";
import { type FileRecord, render, toFile } from "./support/scripted-log.ts";
import { stepped, textsOf as linesOf } from "./support/words.ts";

const start = 1_767_323_045_000_000_000n;

/** Five lines of the nth container, each with a time of its own. */
function fileOf(container: number): FileRecord[] {
  const lines = Array.from({ length: 5 }, (_, i) => ({
    ns: start + BigInt(container * 1_000_000_000 + i * 1_000),
    text: `container ${container}, line ${i}`,
  }));
  return toFile(lines, { unterminated: container === 2 });
}

function textsOf(...containers: number[]): string[] {
  return containers.flatMap((container) =>
    fileOf(container).map(({ content }) => content.toString()),
  );
}

/** The first two lines of the nth container are delivered. */
function afterTwoLines(container: number): Progress {
  const lines = lineSplitter(1_000).push(render(fileOf(container).slice(0, 2)));
  const delivered = lines.flatMap((line) => readRecord(line, "yes", 1_000) ?? []);
  return { ...after(atTheStart, delivered), containerId: `id-${container}` };
}

/** What a request is answered with: the nth container's log so far; it and its predecessor's id are the standing. */
type Look = {
  readonly container: number;
  /** Records of its log. Default: all. */
  readonly records?: number;
  /** What the cluster says meanwhile, when it is behind. */
  readonly said?: number;
  readonly previousIsGone?: boolean;
  readonly previousIsBusy?: boolean;
  readonly how?: "cut";
};

const last = 3;

/** A container that is started again and again; the last one ends for good. */
function restartingLog(looks: readonly Look[]) {
  const left = [...looks];
  let now: Look = { container: 1, ...looks[0] };
  const requests: { previous: boolean; follow: boolean }[] = [];
  const source: LogSource = {
    async open(_target, { follow, tailLines, previous = false }) {
      requests.push({ previous, follow });
      if (!previous) now = left.shift() ?? { container: last };
      const { container, records = 5, how, previousIsGone = false, said = container } = now;
      if (previous && previousIsGone)
        return { kind: "failed", status: 400, message: "previous terminated container not found" };
      if (previous && now.previousIsBusy === true) {
        now = { ...now, previousIsBusy: false };
        return { kind: "busy" };
      }
      const file = previous ? fileOf(said - 1) : fileOf(container).slice(0, records);
      async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
        yield render(tailLines === undefined ? file : file.slice(-tailLines));
        if (how === "cut" && !previous) throw new Error("reset");
      }
      return { kind: "open", timestamps: true, body: body() };
    },
  };
  const containerState = async (): Promise<ContainerStanding> => {
    const container = now.said ?? now.container;
    const isOver = left.length === 0 && container === last;
    return {
      kind: isOver ? "terminated" : "running",
      containerId: `id-${container}`,
      ...(container === 1 ? {} : { previousId: `id-${container - 1}` }),
      mayRestart: !isOver,
    };
  };
  return { source, containerState, requests };
}

function restarts(events: readonly { type: string }[]): string[] {
  return events.flatMap((event) =>
    event.type === "restart" && "containerId" in event ? [String(event.containerId)] : [],
  );
}

describe("a container that is started again", () => {
  test.each<[when: string, looks: Look[]]>([
    ["while it is followed", [{ container: 2 }, { container: 3 }]],
    ["while the connection is away", [{ container: 2, records: 2, how: "cut" }, { container: 3 }]],
    ["and has written nothing yet", [{ container: 2 }, { container: 3, records: 0 }]],
    [
      "and the cluster says so late",
      [
        { container: 2, records: 2, how: "cut" },
        { container: 3, said: 2 },
        { container: 3, said: 2 },
        { container: 3, said: 2 },
        { container: 3 },
      ],
    ],
    [
      "and its successor was read before the cluster said so",
      [
        { container: 3, said: 2, records: 2, how: "cut" },
        { container: 3, said: 2 },
        { container: 3 },
      ],
    ],
  ])("%s loses nothing", async (_when, looks) => {
    const got = await collect(restartingLog(looks));
    const first = looks[0]?.container ?? 0;
    expect(got.texts).toEqual(textsOf(...[2, 3].filter((container) => container >= first)));
    expect(restarts(got.events)).toEqual(first === 2 ? ["id-3"] : []);
    expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
    const cursor = { containerId: "id-3" };
    expect(got.end).toMatchObject({ proof: "verified", lines: got.lines.length, cursor });
  });

  test.each<[what: string, opened: Look]>([
    ["was the log of the one that had just ended is left", { container: 2, said: 3 }],
    [
      "is the new one's is not read before what was left of the one before",
      { container: 3, previousIsBusy: true },
    ],
  ])("twice: a stream that %s", async (_what, opened) => {
    const looks = [{ container: 1 }, { container: 2 }, { container: 2 }, opened];
    const got = await collect(restartingLog([...looks, { container: 3 }]));
    expect(got.texts).toEqual(textsOf(1, 2, 3));
    expect(restarts(got.events)).toEqual(["id-2", "id-3"]);
    expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
  });

  test("before anything was read of it, and whose end is refused at first, loses nothing", async () => {
    let opens = 0;
    let refusals = 1;
    const source: LogSource = {
      async open(_target, { previous = false }) {
        const nth = opens++;
        if (previous && refusals-- > 0) return { kind: "busy" };
        const file = previous ? fileOf(2) : fileOf(3);
        async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
          if (nth === 0) throw new Error("reset");
          yield render(file);
        }
        return { kind: "open", timestamps: true, body: body() };
      },
    };
    const containerState = async (): Promise<ContainerStanding> =>
      opens === 0
        ? { kind: "running", containerId: "id-2" }
        : { kind: "terminated", containerId: "id-3", previousId: "id-2" };
    const got = await collect({ source, containerState });
    expect(got.texts).toEqual(textsOf(2, 3));
    expect(restarts(got.events)).toEqual(["id-3"]);
  });

  test("delivers the last line without newline of the one before, marked", async () => {
    const got = await collect(restartingLog([{ container: 2, records: 3 }, { container: 3 }]));
    expect(got.lines.filter((line) => line.noNewline).map((line) => line.text)).toEqual([
      "container 2, line 4",
    ]);
  });

  test("twice between two looks is a certain gap; the last one before is read from its start", async () => {
    const got = await collect(
      restartingLog([{ container: 1, records: 2, how: "cut" }, { container: 3 }]),
    );
    expect(got.texts).toEqual([...textsOf(1).slice(0, 2), ...textsOf(2, 3)]);
    expect(got.events.filter(({ type }) => type === "gap" || type === "restart")).toEqual([
      { type: "gap", certainty: "certain", after: "2026-01-02T03:04:06.000001000Z" },
      { type: "restart", containerId: "id-2" },
      { type: "restart", containerId: "id-3" },
    ]);
  });

  test("whose last log was cleaned away is a possible gap", async () => {
    const got = await collect(
      restartingLog([
        { container: 2, records: 2, how: "cut" },
        { container: 3, previousIsGone: true },
        { container: 3, previousIsGone: true },
        { container: 3, previousIsGone: true },
      ]),
    );
    expect(got.texts).toEqual([...textsOf(2).slice(0, 2), ...textsOf(3)]);
    expect(got.events.filter(({ type }) => type === "gap" || type === "restart")).toEqual([
      { type: "gap", certainty: "possible", after: "2026-01-02T03:04:07.000001000Z" },
      { type: "restart", containerId: "id-3" },
    ]);
  });

  test("twice while nobody followed is a certain gap after the cursor", async () => {
    const first = await collect(restartingLog([{ container: 1, records: 2 }]), {
      stopAfterLines: 2,
    });
    const stored = first.events.findLast((event) => event.type === "lines")?.cursor;
    const from = parseCursor(JSON.stringify(stored));
    const second = await collect(restartingLog([{ container: 3 }, { container: 3 }]), { from });
    expect(second.texts).toEqual(textsOf(2, 3));
    expect(second.events.find(({ type }) => type === "gap")).toMatchObject({
      certainty: "certain",
    });
  });

  test("while nobody followed is resumed from a cursor of the one before", async () => {
    const first = await collect(restartingLog([{ container: 2, records: 2 }]), {
      stopAfterLines: 2,
    });
    const stored = first.events.findLast((event) => event.type === "lines")?.cursor;
    const from = parseCursor(JSON.stringify(stored));
    const second = await collect(restartingLog([{ container: 3 }, { container: 3 }]), { from });
    expect([...first.texts, ...second.texts]).toEqual(textsOf(2, 3));
    expect(restarts(second.events)).toEqual(["id-3"]);
  });

  test("while nobody knew whose log it was is resumed from where it was left", async () => {
    const first = await collect(restartingLog([{ container: 2, records: 2 }]), {
      stopAfterLines: 2,
    });
    const stored = first.events.findLast((event) => event.type === "lines")?.cursor;
    const from = parseCursor(JSON.stringify({ ...stored, containerId: undefined }));
    const second = await collect(restartingLog([{ container: 3 }, { container: 3 }]), { from });
    expect([...first.texts, ...second.texts]).toEqual(textsOf(2, 3));
    expect(restarts(second.events)).toEqual(["id-3"]);
  });

  test("and whose log cannot be read then does not end with what the one before ended with", async () => {
    let opens = 0;
    const source: LogSource = {
      async open(_target, { previous = false }) {
        const nth = opens++;
        if (nth > 1 && !previous) return { kind: "not-found" };
        // The follow and, later, what is left of it; between them, whether it is the new one's.
        const file = render(fileOf(nth === 1 ? 3 : 2));
        async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
          yield file;
        }
        return { kind: "open", timestamps: true, body: body() };
      },
    };
    const containerState = async (): Promise<ContainerStanding> =>
      opens === 0
        ? { kind: "running", containerId: "id-2" }
        : { kind: "terminated", containerId: "id-3", previousId: "id-2" };
    const got = await collect({ source, containerState });
    expect(got.texts).toEqual(textsOf(2));
    expect(restarts(got.events)).toEqual(["id-3"]);
    expect(got.end).toMatchObject({ proof: "unverified", reason: "the log was not found" });
  });
});

/** Catches up after two lines of container 2 with the log of container 3, which the cluster names at its nth answer. */
async function caughtUpLate(
  toldAt: number,
  { mayRestart, hasPrevious = true }: { mayRestart: boolean; hasPrevious?: boolean },
) {
  let asked = 0;
  const follower = followerOf({
    async open(_target, { previous = false }) {
      if (previous && !hasPrevious)
        return { kind: "failed", status: 400, message: "previous terminated container not found" };
      const file = render(fileOf(previous ? 2 : 3));
      async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
        yield file;
      }
      return { kind: "open", timestamps: true, body: body() };
    },
  });
  const containerState = async (): Promise<ContainerStanding> =>
    ++asked < toldAt
      ? { kind: "running", containerId: "id-2", mayRestart }
      : { kind: "running", containerId: "id-3", previousId: "id-2", mayRestart };
  const progress = afterTwoLines(2);
  const { events } = await stepped(
    catchUp({ ...follower, containerState, progress }, { misses: 9 }),
  );
  const types = events.map(({ type }) => type).filter((type) => type !== "lines");
  return { asked, types, texts: linesOf(events) };
}

describe("a log that does not show the last line any more", () => {
  test.each([1, 4, 40])(
    "is a new container's once the cluster says so, at the answer %i, for the one before has that line",
    async (toldAt) => {
      expect(await caughtUpLate(toldAt, { mayRestart: true })).toEqual({
        asked: toldAt,
        types: ["restart"],
        texts: textsOf(2, 3).slice(2),
      });
    },
  );

  test("is a gap when the cluster does not say so and there is no container before", async () => {
    const got = await caughtUpLate(Infinity, { mayRestart: true, hasPrevious: false });
    expect(got).toEqual({ asked: 4, types: ["gap"], texts: textsOf(3) });
  });

  test("is a gap when the cluster never says so, behind what the one before has left", async () => {
    const got = await caughtUpLate(Infinity, { mayRestart: true });
    // Its last line has no newline, and nobody says that it has ended.
    const left = textsOf(2).slice(2, 4);
    expect(got).toEqual({ asked: 1_801, types: ["gap"], texts: [...left, ...textsOf(3)] });
  });

  test("is not asked about again where nothing is started again", async () => {
    const got = await caughtUpLate(Infinity, { mayRestart: false });
    expect(got).toEqual({ asked: 1, types: ["gap"], texts: textsOf(3) });
  });
});

test("a container that is started again twice between a look and a read is read once, behind a certain gap", async () => {
  let asked = 0;
  const follower = followerOf({
    async open(_target, { previous = false }) {
      const file = render(fileOf(previous ? 2 : 3));
      async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
        yield file;
      }
      return { kind: "open", timestamps: true, body: body() };
    },
  });
  // The second answer comes after the log of "the container before" did not show the last line.
  const containerState = async (): Promise<ContainerStanding> =>
    ++asked === 1
      ? { kind: "running", containerId: "id-2", previousId: "id-1", mayRestart: true }
      : { kind: "running", containerId: "id-3", previousId: "id-2", mayRestart: true };
  const progress = afterTwoLines(1);
  const { events } = await stepped(
    catchUp({ ...follower, containerState, progress }, { misses: 9 }),
  );
  expect(events.filter(({ type }) => type !== "lines")).toMatchObject([
    { type: "gap", certainty: "certain" },
    { type: "restart", containerId: "id-2" },
    { type: "restart", containerId: "id-3" },
  ]);
  expect(linesOf(events)).toEqual(textsOf(2, 3));
});
