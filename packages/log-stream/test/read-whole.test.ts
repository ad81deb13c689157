import { expect, test } from "vitest";
import { after, atTheStart } from "../src/progress.ts";
import { readWhole, type WholeRead } from "../src/read-whole.ts";
import { followerOf } from "./support/follower.ts";
import { readingWords, recordsOf, stepped, textsOf } from "./support/words.ts";

const megabyte = "m".repeat(1_000_000);

/** What becomes of a whole read: `reads` is what each request brings; every other one is the last of them again. */
async function wholeRead(delivered: string, reads: readonly string[], options?: WholeRead) {
  const { source, requests } = readingWords(reads);
  const follower = followerOf(source, { progress: after(atTheStart, recordsOf(delivered)) });
  const { events, result } = await stepped(readWhole(follower, options));
  return {
    kind: result.kind,
    requests: requests(),
    texts: textsOf(events).map((text) => text.replace(megabyte, "M")),
    gaps: events.filter(({ type }) => type === "gap").length,
  };
}

const whole = "5a 6b 7c 2d 3e";
const rotated = "2b 3c 4d";

test.each<[what: string, delivered: string, reads: string[], expected: object]>([
  // The clock was set back after `c`: the file begins after the last delivered line, as another file would.
  [
    "that is cut short in a log whose clock was set back is made again",
    "5a 6b 7c 2d",
    ["5a 6b", whole],
    { kind: "read", requests: 2, texts: ["e"], gaps: 0 },
  ],
  [
    "of a file that begins later is made twice: then it is another file",
    "1a 2b",
    ["5x", "5x 6y"],
    { kind: "missed", requests: 2, texts: [], gaps: 0 },
  ],
  [
    "that is cut short and begins no later is made again",
    "1a 2b 3c",
    ["1a", "1a 2b 3c 4d"],
    { kind: "read", requests: 2, texts: ["d"], gaps: 0 },
  ],
  [
    "that brings nothing twice is an empty file",
    "1a 2b",
    [""],
    { kind: "missed", requests: 2, texts: [], gaps: 0 },
  ],
  // The file begins with a line like the last delivered one, or with that one: two reads agree, a third delivers.
  [
    "with a line that is only like the last one is a possible gap once two agree",
    "1a 2b",
    [rotated],
    { kind: "read", requests: 3, texts: ["c", "d"], gaps: 1 },
  ],
  [
    "that takes such a line, and is cut short before it, is made again",
    "1a 2b",
    [rotated, rotated, "", rotated],
    { kind: "read", requests: 4, texts: ["c", "d"], gaps: 1 },
  ],
  [
    "that is sure after all reports no gap",
    "1a 2b",
    [rotated, rotated, "1a 2b 3c"],
    { kind: "read", requests: 3, texts: ["c"], gaps: 0 },
  ],
  [
    "with such a line, and more after it than is held, delivers nothing before two agree",
    "1a 2b",
    [`2b${` 3${megabyte}`.repeat(9)}`],
    { kind: "read", requests: 3, gaps: 1 },
  ],
  [
    "with such a line, which each shows at another place, is believed at the eighth time",
    "1a 2b",
    Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? "2b 3c" : "1x 2b 3c")),
    { kind: "read", requests: 8, texts: ["c"], gaps: 1 },
  ],
  // A coarse clock was set back.
  [
    "that shows the place twice goes on from the newest",
    "1a 2b 1a 2b",
    ["1a 2b 1a 2b 3c"],
    { kind: "read", requests: 1, texts: ["c"], gaps: 0 },
  ],
  [
    "that shows the place again, after more than is held, loses nothing",
    "1a 2b",
    [`1a 2b${` 3${megabyte}`.repeat(10)} 4c 1a 2b 5d`],
    { kind: "read", requests: 1, texts: [...Array(10).fill("M"), "c", "a", "b", "d"], gaps: 0 },
  ],
  // Every read shows another end of a file that grows and ends too early each time.
  [
    "that is never the same twice is believed at the eighth time",
    "1a 2b",
    ["1a", "1b", "1c", "1d", "1e", "1f", "1g", "1h", "1i"],
    { kind: "missed", requests: 8 },
  ],
])("a read of the whole file %s", async (_what, delivered, reads, expected) => {
  expect(await wholeRead(delivered, reads)).toMatchObject(expected);
});

test("a whole read that begins later is believed at once where the container may be another", async () => {
  expect(await wholeRead("1a 2b", ["5x"], { mayBeAnother: true })).toMatchObject({
    kind: "missed",
    requests: 1,
  });
  // The log of the container before is asked for because there was a restart.
  expect(await wholeRead("1a 2b", ["5x"], { previous: true })).toMatchObject({ requests: 1 });
  // One that begins in the same instant may be cut short in it.
  expect(await wholeRead("2x 2b", ["2x", "2x 2b 3c"], { mayBeAnother: true })).toMatchObject({
    kind: "read",
    requests: 2,
    texts: ["c"],
  });
});
