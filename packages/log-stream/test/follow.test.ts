import { describe, expect, test } from "vitest";
import {
  followLog,
  type LogAnswer,
  type LogSource,
  LogStreamError,
  parseCursor,
} from "../src/index.ts";
import { collect, target } from "./support/collect.ts";
import { jumpingClock } from "./support/jumping-clock.ts";
import { render, scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

const start = 1_767_323_045_000_000_000n;
const rows = (count: number, text = (i: number) => `line ${i}`) =>
  Array.from({ length: count }, (_, i) => ({ ns: start + BigInt(i) * 1_000n, text: text(i) }));
const file = toFile(rows(100));
const all = rows(100).map((row) => row.text);

const hasEnded = async () => ({ kind: "terminated" as const, containerId: "c1" });

function refused(...answers: Exclude<LogAnswer, { kind: "open" }>[]): Step[] {
  return answers.map((answer) => ({ answer }));
}

describe("every line once, when", () => {
  const failed = { kind: "failed", message: "dial tcp" } as const;
  test.each<[when: string, script: Step[]]>([
    ["nothing goes wrong", []],
    ["the pod has no node yet", refused({ kind: "not-started", message: "none" })],
    [
      "a restarted kubelet answers 500, then 404",
      [
        { before: 50 },
        ...refused({ ...failed, status: 500 }, { kind: "not-found" }, { kind: "not-found" }),
      ],
    ],
    [
      "the API server is away for long",
      [
        { before: 50, how: "cut" },
        ...Array.from({ length: 40 }, (): Step => ({ answer: { ...failed, status: 0 } })),
      ],
    ],
    ["it is told to wait", refused({ kind: "busy", retryAfterMs: 60_000 }, { kind: "busy" })],
    ["more than a tail was written while away", [{ before: 3, how: "cut" }, { before: 90 }]],
    [
      "a stream that shows too little stays open",
      [{ before: 3, how: "cut" }, { before: 50, how: "stay" }, {}],
    ],
    [
      "a stream goes on after it showed too little",
      [{ before: 3, how: "cut" }, { before: 40, during: 60, how: "stay" }, {}],
    ],
    ["the connection is cut inside a line", [{ before: 20, bytes: 100, how: "cut", chunk: 1 }]],
    ["a stream is silent although the container has ended", [{ before: 20, how: "hang" }]],
  ])("%s", async (_when, script) => {
    const got = await collect(scriptedLog(file, script));
    expect(got.texts).toEqual(all);
    expect(got.end?.proof).toBe("verified");
    expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
  });

  test("a line of 120 kB comes byte for byte after a cut inside it", async () => {
    const long = "ünï💡".repeat(12_000);
    const lines = [
      ...rows(3),
      { ns: start + 9_000n, text: long },
      { ns: start + 999_000n, text: "z" },
    ];
    const script: Step[] = [
      { before: 6, bytes: 5_000, how: "cut" },
      { before: 2, how: "cut" },
      { before: 1 },
    ];
    const got = await collect(scriptedLog(toFile(lines), script));
    expect(got.texts).toEqual(lines.map((line) => line.text));
  });
});

test("what is too long is cut at a character and marked", async () => {
  const lines = rows(2, (i) => (i === 0 ? "x" + "ü".repeat(100) : "next"));
  const got = await collect(scriptedLog(toFile(lines), [{ before: 9, how: "cut" }]), {
    limits: { maxLineBytes: 64 },
  });
  expect(got.lines.map(({ text, truncated }) => [text, truncated])).toEqual([
    ["x" + "ü".repeat(31), true],
    ["next", undefined],
  ]);
});

async function* twice(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  // It begins again amidst a piece, of which some lines are not delivered yet.
  yield* chunks.slice(0, 1);
  yield Buffer.concat([...chunks.slice(1), ...chunks]);
}

test.each<[what: string, reads: Step[], cause: string]>([
  ["", [{}], "the stream went back in time"],
  [
    ", also when the read after it is refused",
    refused({ kind: "not-found" }, { kind: "busy" }),
    "the log was not found",
  ],
])(
  "a stream that sends lines again is left, and every line comes once%s",
  async (_what, reads, cause) => {
    const log = scriptedLog(
      toFile(rows(100).map(({ ns, text }, i) => ({ text, ns: ns + BigInt(i) * 1_000_000_000n }))),
      [{ before: 60 }, ...reads, { before: 10 }, {}],
    );
    let opens = 0;
    const source: typeof log.source = {
      open: async (where, request) => {
        const answer = await log.source.open(where, request);
        if (opens++ > 0 || answer.kind !== "open") return answer;
        return { ...answer, body: twice(answer.body) };
      },
    };
    const got = await collect({ ...log, source });
    expect(got.texts).toEqual(all);
    expect(got.events).toContainEqual(expect.objectContaining({ type: "stream-drop", cause }));
    // A kubelet that begins a file again has jumped to it before, from where is not known.
    const [gap] = got.events.filter((event) => event.type === "gap");
    expect(gap).toEqual({ type: "gap", certainty: "possible", before: got.lines[60]?.time });
  },
);

test("a clock that is set back is no gap", async () => {
  const late = rows(100).map(({ ns, text }, i) => ({
    text,
    ns: i < 50 ? ns : ns - 9_000_000_000n,
  }));
  const got = await collect(scriptedLog(toFile(late), [{ before: 20 }, { before: 80 }]));
  expect(got.texts).toEqual(all);
  expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
});

test("a connected reader costs one follow and one last read", async () => {
  const log = scriptedLog(file, [{ before: 100 }]);
  await collect(log);
  expect(log.requests).toEqual([
    { follow: true, tailLines: undefined },
    { follow: false, tailLines: 6 },
  ]);
});

test("a cut costs one follow more, and one last read more that agrees", async () => {
  const log = scriptedLog(file, [{ before: 50, how: "cut" }, { before: 30 }, { before: 20 }]);
  await collect(log);
  expect(log.requests.map((request) => request.follow)).toEqual([true, true, true, false, false]);
  expect(log.requests.map((request) => request.tailLines)).toEqual([undefined, 34, 34, 6, 6]);
});

test("a stream that ends before it has shown the last line is followed by one that shows more", async () => {
  const log = scriptedLog(file, [{ before: 10, how: "cut" }, { before: 80 }, { before: 10 }, {}]);
  const got = await collect(log);
  expect(got.texts).toEqual(all);
  const follows = log.requests.filter((request) => request.follow);
  expect(follows.map((request) => request.tailLines).slice(0, 3)).toEqual([undefined, 34, 272]);
});

test("a tail that was too short once is asked for again after one that was not", async () => {
  const cut: Step = { before: 2, how: "cut" };
  const log = scriptedLog(file, [{ before: 10, how: "cut" }, { before: 80 }, cut, cut, {}]);
  await collect(log);
  const follows = log.requests.filter((request) => request.follow);
  const [, first, second, third = Infinity] = follows.map((request) => request.tailLines);
  expect([first, second]).toEqual([34, 272]);
  expect(third).toBeLessThanOrEqual(34);
});

test("a stream and a read that both end at once, with nothing, are no proof of an empty log", async () => {
  const log = scriptedLog(file, [{ before: 100, bytes: 0 }, { bytes: 0 }, {}]);
  const got = await collect({ ...log, containerState: hasEnded });
  expect(got.texts).toEqual(all);
  expect(got.end?.proof).toBe("verified");
});

test.each<[what: string, script: Step[]]>([
  ["has brought lines", [{ before: 50 }, { before: 3 }, { before: 47 }, {}]],
  [
    "an overloaded API server refuses",
    [{ before: 50 }, ...refused({ kind: "busy" }), { before: 50 }, {}],
  ],
  // The one look after a cut says nothing; nor does the refusal before it.
  [
    "is the first after a cut, and a refusal,",
    [{ before: 50, how: "cut" }, ...refused({ kind: "not-found" }), {}, { before: 50 }, {}],
  ],
])("a last read that %s is not the last one", async (_what, script) => {
  const log = scriptedLog(file, script);
  const got = await collect({ ...log, containerState: hasEnded });
  expect(got.texts).toEqual(all);
  expect(got.end?.proof).toBe("verified");
});

async function* interrupted(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from("failed to watch\n");
  yield* body;
}

test("what the kubelet says between two lines is told, and ends nothing", async () => {
  const log = scriptedLog(file, []);
  const source: typeof log.source = {
    open: async (where, request) => {
      const answer = await log.source.open(where, request);
      if (answer.kind !== "open" || !request.follow) return answer;
      return { ...answer, body: interrupted(answer.body) };
    },
  };
  const got = await collect({ ...log, source });
  expect(got.texts).toEqual(all);
  expect(got.events.map(({ type }) => type).filter((type) => type !== "lines")).toEqual([
    "stream-open",
    "server-message",
    "end",
  ]);
  expect(log.requests).toHaveLength(2);
});

test("what the kubelet says is told where it was said", async () => {
  const log = scriptedLog(file, []);
  const said = Buffer.from("failed to watch\n");
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.concat([render(file.slice(0, 2)), said, render(file.slice(2))]);
  }
  const source: typeof log.source = {
    open: async (where, request) => {
      const answer = await log.source.open(where, request);
      return answer.kind === "open" && request.follow ? { ...answer, body: body() } : answer;
    },
  };
  const got = await collect({ ...log, source });
  const order = got.events.map((event) =>
    event.type === "lines" ? `${event.lines.length} lines` : event.type,
  );
  expect(order).toEqual(["stream-open", "2 lines", "server-message", "98 lines", "end"]);
});

test("a drop says why and when it goes on; the repeated refusals of an outage are told once", async () => {
  const away: Step = { answer: { kind: "failed", status: 0, message: "refused" } };
  const got = await collect(scriptedLog(file, [{ before: 9, how: "cut" }, away, away, away]));
  const drops = got.events.filter((event) => event.type === "stream-drop");
  expect(drops.map((drop) => drop.cause)).toEqual(["connection reset", "refused"]);
  expect(drops[0]?.retryInMs).toBeLessThanOrEqual(125);
});

test("after a cut of a slow log a short tail is asked for", async () => {
  const slow: Step = { before: 1, how: "stay" };
  // A line, and silence for as long as the stream is looked at: by the container's end it is stuck.
  const log = scriptedLog(file, [
    slow,
    { before: 0 },
    { before: 1 },
    { how: "stay" },
    { before: 9 },
  ]);
  await collect(log, { limits: { quietMs: 60_000 } });
  const follows = log.requests.filter((request) => request.follow);
  expect(follows.map((request) => request.tailLines)).toEqual([undefined, 5]);
});

test("the tail to ask for does not grow with the lines that came one by one", async () => {
  const log = scriptedLog(file, [{ before: 99, how: "cut", chunk: 1 }]);
  await collect(log);
  expect(log.requests.at(-1)).toEqual({ follow: false, tailLines: 6 });
});

test("a runtime that cuts lines into more records than thought is asked for longer tails", async () => {
  const lines = rows(4, (i) => `${i}`.repeat(200));
  const script: Step[] = [
    { before: 800, how: "cut" },
    { how: "stay" },
    {},
    {},
    { how: "stay" },
    {},
    {},
  ];
  const log = scriptedLog(toFile(lines, { recordBytes: 1 }), script);
  const got = await collect(log);
  expect(got.texts).toEqual(lines.map((line) => line.text));
  const follows = log.requests.filter((request) => request.follow);
  expect(follows.map((request) => request.tailLines)).toEqual([undefined, 34, 272, 2_176]);
});

test("a last line without newline that has grown since the last look is not the end yet", async () => {
  const lines = rows(3, (i) => (i === 2 ? "unfinished" : `line ${i}`));
  const records = toFile(lines, { recordBytes: 6, unterminated: true });
  const got = await collect(scriptedLog(records, [{ before: 3 }]));
  expect(got.texts).toEqual(["line 0", "line 1", "unfinished"]);
  expect(got.end?.proof).toBe("verified");
});

describe("the end is not verified, and says why,", () => {
  test("when the pod is gone; the line without newline still comes", async () => {
    const log = scriptedLog(toFile(rows(3), { unterminated: true }), [{ before: 9 }]);
    const got = await collect({ ...log, containerState: async () => ({ kind: "gone" }) });
    expect(got.texts).toEqual(["line 0", "line 1", "line 2"]);
    expect(got.lines.at(-1)?.noNewline).toBe(true);
    expect(got.end).toMatchObject({ proof: "unverified", reason: "the pod is gone", lines: 3 });
    expect(log.requests).toHaveLength(1);
  });

  test("when a log without times has become shorter", async () => {
    let text = "a\nb\nc\n";
    const source: LogSource = {
      async open() {
        const bytes = Buffer.from(text);
        text = "a\n";
        async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
          yield bytes;
        }
        return { kind: "open", timestamps: "unknown", body: body() };
      },
    };
    const got = await collect({ source, containerState: hasEnded });
    expect(got.texts).toEqual(["a", "b", "c"]);
    expect(got.end).toMatchObject({
      proof: "unverified",
      reason: "read again, the log was shorter",
    });
  });

  test("when it grows for longer than last reads may take", async () => {
    const steps = Array.from({ length: 90 }, (): Step => ({ before: 1 }));
    const log = scriptedLog(file, steps);
    const limits = { lastReadsMs: 5_000 };
    const got = await collect({ ...log, containerState: hasEnded }, { limits });
    expect(got.end).toMatchObject({
      proof: "unverified",
      reason: "the log still grew although the container has ended",
    });
  });

  test("when the pod goes while its log cannot be read", async () => {
    const log = scriptedLog(file, [{ before: 9, how: "cut" }, ...refused({ kind: "not-found" })]);
    let asked = 0;
    const containerState = async () =>
      ++asked < 3 ? { kind: "terminated" as const, containerId: "c1" } : { kind: "gone" as const };
    const got = await collect({ ...log, containerState });
    expect(got.texts).toEqual(all.slice(0, 9));
    expect(got.end).toMatchObject({ proof: "unverified", reason: "the pod is gone" });
    expect(log.requests).toHaveLength(2);
  });

  test("when the runtime has lost the log", async () => {
    const lost = "unable to retrieve container logs for containerd://x";
    const log = scriptedLog(file, [{ before: 10 }]);
    let opens = 0;
    const source: typeof log.source = {
      open: async (where, request) => {
        if (opens++ === 0) return log.source.open(where, request);
        const body = [Buffer.from(lost)];
        return {
          kind: "open",
          timestamps: true,
          body: (async function* () {
            yield* body;
          })(),
        };
      },
    };
    const got = await collect({ ...log, source });
    expect(got.texts).toEqual(all.slice(0, 10));
    expect(got.events).toContainEqual({ type: "server-message", text: lost });
    expect(got.end).toMatchObject({ proof: "unverified", reason: lost });
    expect(got.end?.cursor?.ended).toBeUndefined();
    expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
  });

  test("when it can only be refused for as long as last reads may take", async () => {
    const log = scriptedLog(file, []);
    const source = { open: async () => ({ kind: "not-found" as const }) };
    const got = await collect({ ...log, source });
    expect(got.end).toMatchObject({
      proof: "unverified",
      reason: "the log was not found",
      lines: 0,
    });
  });
});

test("a log that was rotated away is a gap with its bounds, then goes on", async () => {
  const got = await collect(
    scriptedLog(file, [
      { before: 10, how: "cut" },
      { before: 40, rotate: true },
    ]),
  );
  expect(got.texts).toEqual([...all.slice(0, 10), ...all.slice(50)]);
  expect(got.events.find((event) => event.type === "gap")).toEqual({
    type: "gap",
    certainty: "possible",
    after: "2026-01-02T03:04:05.000009000Z",
    before: "2026-01-02T03:04:05.000050000Z",
  });
  expect(got.lines.filter((line) => line.afterGap).map((line) => line.number)).toEqual([11]);
});

test.each<[what: string, after: string, gaps: number, delivered: string[]]>([
  // Of one time and text: it cannot be told whether the new file begins with the delivered line.
  ["like the last one", "same", 1, ["first", "same", "next"]],
  ["unlike it", "other", 1, ["first", "same", "other", "next"]],
])(
  "a file that begins, at the same time, with a line %s is a gap",
  async (_what, text, gaps, delivered) => {
    const lines = ["first", "same", text, "next"].map((one, i) => ({
      ns: start + (i === 3 ? 10_000_000n : 0n),
      text: one,
    }));
    const script: Step[] = [
      { before: 2, how: "cut" },
      { rotate: true, answer: { kind: "busy" } },
      { before: 2 },
    ];
    // The file begins with what was written after the first two.
    const got = await collect(scriptedLog(toFile(lines), script));
    expect(got.texts).toEqual(delivered);
    expect(got.events.filter((event) => event.type === "gap")).toHaveLength(gaps);
  },
);

test("a read of the whole file that a dying kubelet ends too early is no rotation", async () => {
  const many = toFile(rows(30_000));
  // Too much for every tail, so that the whole file is read; its first read ends, cleanly, after some lines.
  const script: Step[] = [
    { before: 2_000, how: "cut", chunk: 65_536 },
    { before: 28_000, how: "stay", chunk: 65_536 },
    ...Array.from({ length: 3 }, (): Step => ({ chunk: 65_536 })),
    { bytes: 5_000 },
    { chunk: 65_536 },
    { chunk: 65_536 },
  ];
  const got = await collect(scriptedLog(many, script));
  expect(got.events.filter((event) => event.type === "gap")).toEqual([]);
  expect(got.lines).toHaveLength(30_000);
  expect(got.texts.at(-1)).toBe("line 29999");
});

test("a gap is told, and followed over, while the container goes on", async () => {
  const reads = Array.from({ length: 5 }, (): Step => ({}));
  const script: Step[] = [
    { before: 10, how: "cut" },
    { before: 40, rotate: true, how: "stay" },
    ...reads,
    { before: 10 },
    { before: 10 },
  ];
  const got = await collect(scriptedLog(file, script));
  const types = got.events.map((event) => event.type);
  expect(types.filter((type) => type === "gap")).toHaveLength(1);
  expect(types.lastIndexOf("stream-open")).toBeGreaterThan(types.indexOf("gap"));
});

test("nothing but refusals for too long is given up, with the last cause", async () => {
  const answer: Step = { answer: { kind: "failed", status: 500, message: "dial" } };
  const log = scriptedLog(
    file,
    Array.from({ length: 900 }, () => answer),
  );
  const following = collect(log, { limits: { giveUpAfterMs: 60_000 } });
  await expect(following).rejects.toMatchObject({ code: "LOG_STREAM_GAVE_UP" });
  await expect(following).rejects.toThrow("500: dial");
  const message = String(await following.catch((error: unknown) => error));
  const waitedMs = Number(/could not be read for (\d+) ms/.exec(message)?.[1]);
  expect(waitedMs).toBeGreaterThanOrEqual(60_000);
  expect(waitedMs).toBeLessThanOrEqual(63_000);
});

test("two outages that are each short enough are not added up", async () => {
  const busy: Step = { answer: { kind: "busy", retryAfterMs: 25_000 } };
  const cut: Step = { before: 50, how: "cut" };
  const outages = [busy, busy, cut, busy, busy, { before: 50 }, {}];
  const got = await collect(scriptedLog(file, outages), { limits: { giveUpAfterMs: 60_000 } });
  expect(got.texts).toEqual(all);
});

test("waiting for a container to start is never given up", async () => {
  const waiting: Step = { answer: { kind: "not-started", message: "no node" } };
  const log = scriptedLog(
    file,
    Array.from({ length: 40 }, () => waiting),
  );
  const got = await collect(log, { limits: { giveUpAfterMs: 5_000 } });
  expect(got.texts).toEqual(all);
});

test("what the container's state throws is the caller's to see", async () => {
  const log = scriptedLog(file, [{ before: 1 }]);
  const denied = collect({ ...log, containerState: () => Promise.reject(new Error("no right")) });
  await expect(denied).rejects.toThrow("no right");
});

describe("a cursor", () => {
  test("of a verified end ends at once", async () => {
    const log = scriptedLog(toFile(rows(2), { unterminated: true }), []);
    const first = await collect(log);
    const requests = log.requests.length;
    const again = await collect(log, { from: parseCursor(JSON.stringify(first.end?.cursor)) });
    expect(again.events).toMatchObject([{ type: "end", proof: "verified", lines: 2 }]);
    expect(log.requests).toHaveLength(requests);
  });

  test("of another container is refused at once", async () => {
    const { end } = await collect(scriptedLog(file, []));
    const options = { ...scriptedLog(file, []), signal: new AbortController().signal };
    const follow = () =>
      followLog({
        ...options,
        target: { ...target, pod: "q" },
        clock: jumpingClock(),
        ...(end?.cursor && { from: end.cursor }),
      });
    expect(follow).toThrow("it belongs to container c of pod p, not to c of q");
  });

  test("of another pod of the same name is refused at once", async () => {
    const { end } = await collect(scriptedLog(file, []));
    const signal = new AbortController().signal;
    const follow = (uid: string, known: object = { uid: "one" }) => {
      const from = { ...end?.cursor, ...known };
      const source = scriptedLog(file, []);
      return followLog({
        ...source,
        target: { ...target, uid },
        signal,
        from: parseCursor(JSON.stringify(from)),
      });
    };
    expect(() => follow("two")).toThrow("container c of pod p (one), not to c of p (two)");
    expect(() => follow("one")).not.toThrow();
    // One that was stored where the pod's uid was not known.
    expect(() => follow("one", {})).not.toThrow();
  });

  test.each([
    ["", "not JSON"],
    ["[]", "version undefined"],
    ['{"v":2}', "version 2"],
    ['{"v":1,"pod":"p","container":"c"}', "damaged: lines"],
    ['{"v":1,"pod":"p","container":"c","lines":1,"at":["x","t",1,"","",1]}', "damaged: at"],
    ['{"v":1,"pod":"p","container":"c","lines":1,"chain":["zz",1]}', "damaged: chain"],
    ['{"v":1,"pod":"p","container":"c","lines":1,"chain":["abc",1]}', "damaged: chain"],
  ])("that is damaged is refused: %s", (text, words) => {
    expect(() => parseCursor(text)).toThrow(words);
    expect(() => parseCursor(text)).toThrow(LogStreamError);
  });
});
