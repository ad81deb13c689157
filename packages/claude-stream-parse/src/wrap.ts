import { printable } from "./words.ts";

/** Text as lines of at most `width` characters, broken at spaces where there are some; at most `limit` lines. */
export function wrap(text: string, width: number, limit: number): string[] {
  const lines: string[] = [];
  const shown = text.slice(0, width * limit * 2);
  for (const paragraph of printable(shown).replace(/\t/g, "  ").trimEnd().split("\n")) {
    let rest = Array.from(paragraph);
    while (rest.length > width) {
      const space = rest.lastIndexOf(" ", width);
      const cut = space > width / 2 ? space : width;
      lines.push(rest.slice(0, cut).join(""));
      if (lines.length >= limit) return [...lines, "…"];
      rest = rest.slice(space === cut ? cut + 1 : cut);
    }
    lines.push(rest.join(""));
    if (lines.length >= limit) return text.length > shown.length ? [...lines, "…"] : lines;
  }
  return lines;
}
