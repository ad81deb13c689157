import type { LogLine } from "@claude-k8s/log-stream";
import { expect, test } from "vitest";
import { after, parsePosition, positionText, unseenBy } from "../src/run/position.ts";

const line = (number: number, time: string): LogLine => ({ number, time, text: `line ${number}` });
const log = [
  line(1, "2026-01-02T03:04:05.000000001Z"),
  line(2, "2026-01-02T03:04:05.000000002Z"),
  line(3, "2026-01-02T03:04:05.000000002Z"),
  line(4, "2026-01-02T03:04:05.000000002Z"),
  line(5, "2026-01-02T03:04:05.1Z"),
  line(6, "2026-01-02T03:04:06Z"),
];

test.each([0, 1, 2, 3, 4, 5, 6])(
  "after %i lines the next reader has the rest, each once",
  (count) => {
    const position = log.slice(0, count).reduce(after, undefined);
    const stored = position === undefined ? undefined : parsePosition(positionText(position));
    expect(log.filter(unseenBy(stored).isNew).map(({ number }) => number)).toEqual(
      log.slice(count).map(({ number }) => number),
    );
  },
);

test("a log that lost its beginning gives everything after the position", () => {
  const position = log.slice(0, 3).reduce(after, undefined);
  const { isNew, isPartial } = unseenBy(position);
  expect(log.slice(4).filter(isNew)).toEqual(log.slice(4));
  expect(isPartial()).toBe(true);
});

test("a log that lost its beginning, read from within what the host has, gives the rest", () => {
  const position = log.slice(0, 5).reduce(after, undefined);
  expect(log.slice(1).filter(unseenBy(position).isNew)).toEqual(log.slice(5));
});

test.each([1, 2, 3, 4, 5, 6])("a clock that was set back hides nothing after %i lines", (count) => {
  const back = log.map(({ number }) => line(number, `2026-01-02T03:04:0${9 - number}Z`));
  const position = parsePosition(
    positionText(back.slice(0, count).reduce(after, undefined) ?? none),
  );
  const { isNew, isPartial } = unseenBy(position);
  expect(back.filter(isNew)).toEqual(back.slice(count));
  expect(isPartial()).toBe(false);
});

test("a position of times alone, as it was stored before, is read", () => {
  const position = parsePosition("2026-01-02T03:04:05.000000002Z 2");
  expect(log.filter(unseenBy(position).isNew)).toEqual(log.slice(3));
});

const none = { time: "2026-01-02T03:04:05Z", count: 0, lines: 0 };

test.each(["", "x", "now 3", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z -1"])(
  "%j is no position",
  (text) => {
    expect(parsePosition(text)).toBeUndefined();
  },
);
