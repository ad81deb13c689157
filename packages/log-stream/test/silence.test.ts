import { describe, expect, test } from "vitest";
import type { LogSource } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { scriptedLog, type Step, toFile } from "./support/scripted-log.ts";

const start = 1_767_323_045_000_000_000n;
const rows = Array.from({ length: 60 }, (_, i) => ({
  ns: start + BigInt(i) * 1_000n,
  text: `line ${i}`,
}));
const file = toFile(rows);
const all = rows.map((row) => row.text);

const complaint: LogSource["open"] = async () => ({
  kind: "open",
  timestamps: true,
  body: (async function* () {
    yield Buffer.from("unable to retrieve container logs for containerd://x");
  })(),
});

describe("a stream that is silent", () => {
  test("stays open while the log has no more; a probe reads a few records", async () => {
    const log = scriptedLog(file, [{ before: 40, how: "stay" }, {}, {}, { before: 20 }]);
    const got = await collect(log);
    const [follow, ...probes] = log.requests.slice(0, 4);
    expect(follow).toEqual({ follow: true, tailLines: undefined });
    expect(probes.map((probe) => probe.follow)).toEqual([false, false, false]);
    for (const { tailLines = Infinity } of probes) expect(tailLines).toBeLessThan(10);
    expect(got.texts).toEqual(all);
    expect(got.events.filter(({ type }) => type === "stream-open")).toHaveLength(1);
  });

  test("is left for a new one when the log has more: it is stuck on a rotated file", async () => {
    const log = scriptedLog(file, [{ before: 40, how: "stay" }, { before: 10 }, {}, {}]);
    const got = await collect(log);
    expect(got.texts).toEqual(all);
    expect(got.events).toContainEqual(
      expect.objectContaining({
        type: "stream-drop",
        cause:
          "the stream is silent although the log has more: it reads a file that was rotated away",
      }),
    );
    expect(got.events.filter(({ type }) => type === "gap")).toEqual([]);
  });

  test("is left also when nothing was delivered yet", async () => {
    const log = scriptedLog(file, [{ before: 0, how: "stay" }, { before: 10 }, {}, {}]);
    const got = await collect(log);
    expect(got.texts).toEqual(all);
    expect(log.requests.filter(({ follow }) => follow).length).toBeGreaterThan(1);
  });

  test("stays when the probe cannot be had, or is the kubelet's complaint", async () => {
    const log = scriptedLog(file, [
      { before: 40, how: "stay" },
      { answer: { kind: "failed", status: 500, message: "dial" } },
      { answer: { kind: "not-found" } },
      { how: "cut" },
      { how: "hang" },
      {},
    ]);
    let opens = 0;
    const source: LogSource = {
      open: (target, request) =>
        opens++ === 1 ? complaint(target, request) : log.source.open(target, request),
    };
    const got = await collect({ ...log, source });
    expect(log.requests.map(({ follow }) => follow).slice(0, 5)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(got.texts).toEqual(all);
  });

  test("in the middle of a long line is not left for what it has shown of it", async () => {
    const long = toFile([
      { ns: start, text: "first" },
      { ns: start + 9n, text: "long ".repeat(9_000) },
    ]);
    const script: Step[] = [
      // The line's first two records come; the program is slow with the third.
      { before: 3, how: "stay", chunk: 65_536 },
      {},
      {},
      {},
    ];
    const log = scriptedLog(long, script);
    const got = await collect(log);
    expect(got.texts).toEqual(["first", "long ".repeat(9_000)]);
    expect(log.requests.slice(1, 3).map(({ follow }) => follow)).toEqual([false, false]);
    expect(log.requests.findIndex(({ follow }, i) => follow && i > 0)).toBe(-1);
  });
});
