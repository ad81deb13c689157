import { expect, test } from "vitest";
import { pieces } from "../src/host/pieces.ts";

test.each<[what: string, text: string, limit: number, wanted: string[]]>([
  ["nothing", "", 8, []],
  ["a short line", "abc\n", 8, ["abc\n"]],
  ["lines that fit together", "ab\ncd\n", 8, ["ab\ncd\n"]],
  ["lines that do not", "abcd\nefgh\n", 8, ["abcd\n", "efgh\n"]],
  ["a long line", "abcdefghij\n", 4, ["abcd", "efgh", "ij\n"]],
  ["characters of two bytes", "äöüß", 3, ["ä", "ö", "ü", "ß"]],
  ["characters of four bytes", "😀😀", 5, ["😀", "😀"]],
  ["a line end at the very limit", "abc\ndef\n", 4, ["abc\n", "def\n"]],
])("%s", (_what, text, limit, wanted) => {
  expect([...pieces(text, limit)]).toEqual(wanted);
});

test("a line of 100 kB comes in pieces of at most 8 KiB that join to it", () => {
  const line = `${"x".repeat(50_000)}é😀${"y".repeat(50_000)}\n`;
  const cut = [...pieces(line)];
  expect(cut.join("")).toBe(line);
  for (const piece of cut) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(8 * 1024);
});
