import { printable } from "./printable.ts";

/**
 * Lines of columns, two blanks between them. The last column is cut to what is left of `width`; nothing is
 * cut where there is no terminal, for then a program may read it. Columns without any content are left out.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): string {
  const clean = rows.map((row) => row.map(printable));
  const kept = header.flatMap((_, at) => (clean.some((row) => row[at]) ? [at] : []));
  const lines = [header, ...clean].map((row) => kept.map((at) => row[at] || "-"));
  const widths = kept.map((_, at) => Math.max(...lines.map((line) => lengthOf(line[at] ?? ""))));
  const text = lines.map((line) => {
    const padded = line.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - lengthOf(cell)));
    return cut(padded.join("  ").trimEnd(), width);
  });
  return `${text.join("\n")}\n`;
}

const segmenter = new Intl.Segmenter();

/** What a reader takes for one character each. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function lengthOf(text: string): number {
  return charactersOf(text).length;
}

function cut(line: string, width: number | undefined): string {
  const characters = charactersOf(line);
  if (width === undefined || characters.length <= width) return line;
  return `${characters.slice(0, Math.max(1, width - 1)).join("")}…`;
}
