import { styleText } from "node:util";

/** Where a person reads. Plain lines only: nothing that was written is ever changed. */
export interface Screen {
  readonly color: boolean;
  readonly width: number;
  line(text?: string): void;
  /** What matters less. */
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  bold(text: string): string;
}

export interface ScreenTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Colours only where a terminal shows them and nobody asked for none (`NO_COLOR`, see no-color.org).
 */
export function screenOn(target: ScreenTarget, env: NodeJS.ProcessEnv): Screen {
  const color = target.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const style = (name: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(name, text, { validateStream: false }) : text;
  return {
    color,
    // Some pseudo-terminals say 0.
    width: Math.min(target.columns || 100, 120),
    line: (text = "") => void target.write(`${text}\n`),
    dim: (text) => style("dim", text),
    good: (text) => style("green", text),
    bad: (text) => style("red", text),
    bold: (text) => style("bold", text),
  };
}
