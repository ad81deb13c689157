import { fitting } from "./columns.ts";
import { printable } from "./words.ts";

/** Text as lines of at most `width` columns, broken at spaces where there are some; at most `limit` lines. */
export function wrap(text: string, width: number, limit: number): string[] {
  const lines: string[] = [];
  const shown = text.slice(0, width * limit * 2);
  for (const paragraph of printable(shown).replace(/\t/g, "  ").trimEnd().split("\n")) {
    for (const line of wrapParagraph(paragraph, width)) {
      if (lines.length >= limit) return [...lines, "…"];
      lines.push(line);
    }
  }
  return text.length > shown.length ? [...lines, "…"] : lines;
}

function* wrapParagraph(paragraph: string, width: number): Generator<string> {
  let rest = paragraph;
  for (;;) {
    const end = fitting(rest, width);
    if (end === rest.length) break;
    const space = rest.lastIndexOf(" ", end);
    const atSpace = space > end / 2;
    // At least one character a line: a wide one may not fit in the width at all.
    const cut = atSpace ? space : Math.max(end, 1);
    yield rest.slice(0, cut);
    rest = rest.slice(atSpace ? cut + 1 : cut);
  }
  yield rest;
}
