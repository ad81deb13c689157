import { fitting } from "./columns.ts";
import { printable } from "./words.ts";

type Style = (text: string) => string;

/** Makes lines safe, and styles them: each cleans its text and cuts it to the width. */
export type Paint = {
  readonly width: number;
  readonly plain: Style;
  readonly dim: Style;
  readonly tool: Style;
  readonly good: Style;
  readonly warn: Style;
  readonly bad: Style;
};

export function painter(color: boolean, width: number): Paint {
  const style =
    (code: number) =>
    (text: string): string => {
      const line = fit(text, width);
      return color ? `\u001b[${code}m${line}\u001b[0m` : line;
    };
  return {
    width,
    plain: (text) => fit(text, width),
    dim: style(2),
    tool: style(36),
    good: style(32),
    warn: style(33),
    bad: style(31),
  };
}

function fit(text: string, width: number): string {
  const line = printable(text.slice(0, width * 4)).replace(/[\n\t]/g, " ");
  if (fitting(line, width) === line.length) return line;
  return `${line.slice(0, fitting(line, width - 1))}…`;
}
