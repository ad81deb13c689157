import { ExampleError } from "../errors.ts";

/** What `CLAUDE_REPLAY` asks for. */
export type Scenario =
  | { readonly kind: "recording"; readonly name: string }
  /** Init, no output for so long, then a success. */
  | { readonly kind: "silent"; readonly seconds: number }
  /** Five lines and no result, then this exit code. */
  | { readonly kind: "exit"; readonly code: number }
  /** So many lines in all: init, texts that count, and a success. */
  | { readonly kind: "lines"; readonly lines: number }
  /** So many lines in all, as `lines`, one a second; each text ends with the time of its writing. */
  | { readonly kind: "ticks"; readonly lines: number }
  /** Init, one message of so many texts, and a success: the CLI writes an event for each, all with the message's id. */
  | { readonly kind: "blocks"; readonly blocks: number }
  /** Init, so many texts of 400,000 bytes, and a success. */
  | { readonly kind: "big-lines"; readonly lines: number }
  /** Init, a text whose line is so long with its newline, and a success. */
  | { readonly kind: "big-line"; readonly bytes: number }
  /** Init, then nothing more until SIGTERM. */
  | { readonly kind: "hang" }
  /** Init, then nothing more until SIGKILL. */
  | { readonly kind: "ignore-sigterm" };

/** The scenario that is played when `CLAUDE_REPLAY` is absent or empty. */
const usual = "healthy";

/** The shortest line that `big-line` can make: an assistant event with an empty text fits into it. */
const leastBigLine = 1024;

/**
 * Reads `CLAUDE_REPLAY`: the name of a recording, or one of `silent:SECONDS`, `exit:CODE`,
 * `lines:N`, `ticks:N`, `blocks:N`, `big-line:BYTES`, `big-lines:N`, `hang` and `ignore-sigterm`. Absent or empty:
 * `healthy`.
 *
 * @throws ExampleError `EXAMPLE_OPTION` naming what was expected and what came.
 */
export function parseScenario(text: string | undefined): Scenario {
  const given = text === undefined || text === "" ? usual : text;
  const [word = "", argument, ...more] = given.split(":");
  if (more.length > 0) throw unknown(given);
  switch (word) {
    case "silent":
      return { kind: word, seconds: amount(given, argument, { least: 0, most: 86_400 }) };
    case "exit":
      return { kind: word, code: wholeAmount(given, argument, { least: 0, most: 255 }) };
    case "lines":
      return { kind: word, lines: wholeAmount(given, argument, { least: 2, most: 10_000_000 }) };
    case "ticks":
      return { kind: word, lines: wholeAmount(given, argument, { least: 2, most: 10_000_000 }) };
    case "blocks":
      return { kind: word, blocks: wholeAmount(given, argument, { least: 1, most: 1_000 }) };
    case "big-lines":
      return { kind: word, lines: wholeAmount(given, argument, { least: 1, most: 1_000 }) };
    case "big-line":
      return {
        kind: word,
        bytes: wholeAmount(given, argument, { least: leastBigLine, most: 256 * 1024 * 1024 }),
      };
    case "hang":
    case "ignore-sigterm":
      if (argument !== undefined) throw unknown(given);
      return { kind: word };
    default:
      if (argument !== undefined || !/^[a-z0-9][a-z0-9.-]*$/.test(word)) throw unknown(given);
      return { kind: "recording", name: word };
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function amount(given: string, argument: string | undefined, range: Range): number {
  const value = numberIn(argument, range);
  if (value !== undefined) return value;
  throw outside(given, `a number from ${range.least} to ${range.most}`);
}

function wholeAmount(given: string, argument: string | undefined, range: Range): number {
  const value = numberIn(argument, range);
  if (value !== undefined && Number.isInteger(value)) return value;
  throw outside(given, `a whole number from ${range.least} to ${range.most}`);
}

function numberIn(text: string | undefined, { least, most }: Range): number | undefined {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : undefined;
}

function outside(given: string, expected: string): ExampleError {
  return new ExampleError(
    "EXAMPLE_OPTION",
    `CLAUDE_REPLAY=${given}: after the colon, expected ${expected}`,
  );
}

function unknown(given: string): ExampleError {
  return new ExampleError(
    "EXAMPLE_OPTION",
    `CLAUDE_REPLAY=${given}: expected the name of a recording, or one of silent:SECONDS, exit:CODE, lines:N, ticks:N, blocks:N, big-line:BYTES, big-lines:N, hang, ignore-sigterm`,
  );
}
