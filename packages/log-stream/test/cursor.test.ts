import { expect, test } from "vitest";
import { parseCursor } from "../src/index.ts";
import { toCursor, toProgress } from "../src/cursor.ts";
import { after, atTheStart, type Progress } from "../src/progress.ts";
import { target } from "./support/collect.ts";
import { recordsOf } from "./support/words.ts";

function stored(progress: Progress): { back: Progress; bytes: number } {
  const text = JSON.stringify(toCursor(target, progress));
  return { back: toProgress(parseCursor(text), target), bytes: text.length };
}

const untimed = recordsOf("1a 2b").map((record) => ({
  ...record,
  content: record.content,
  length: record.length,
  ns: undefined,
  time: undefined,
}));

test.each<[what: string, progress: Progress]>([
  ["at the start", atTheStart],
  ["after the first line of a file", after(atTheStart, recordsOf("1a"))],
  ["of a container", { ...after(atTheStart, recordsOf("1a")), containerId: "containerd://one" }],
  ["at the end", { ...after(atTheStart, recordsOf("1a")), ended: true }],
  ["in a log without times", after(atTheStart, untimed)],
])("a cursor %s brings back all that was known", (_what, progress) => {
  expect(stored(progress).back).toEqual(progress);
});

test("a cursor stays small however many lines share one time", () => {
  let progress = atTheStart;
  for (let i = 0; i < 500; i++) progress = after(progress, recordsOf(`1line${i}`));
  expect(progress.at).toMatchObject({ n: 500, span: 500 });
  expect(progress.at?.ring).toHaveLength(64);
  expect(stored(progress).bytes).toBeLessThan(2_048);
});
