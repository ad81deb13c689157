import { parseArgs, type ParseArgsConfig } from "node:util";

export interface SoakOptions {
  readonly schedules: number;
  /** Of the first schedule; the others have the next ones. */
  readonly seed: number;
  /** What else the soak takes. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads `--schedules N`, `--seed N` and what else a soak takes. Ends the process with 2 when one of them is wrong: a
 * soak of no schedules would fail none.
 */
export function soakOptions(
  schedules: number,
  more: NonNullable<ParseArgsConfig["options"]> = {},
): SoakOptions {
  const values = parsed({
    schedules: { type: "string", default: String(schedules) },
    seed: { type: "string", default: "1" },
    ...more,
  });
  return {
    schedules: wholeNumber("schedules", values["schedules"]),
    seed: wholeNumber("seed", values["seed"]),
    values,
  };
}

function parsed(options: NonNullable<ParseArgsConfig["options"]>): Record<string, unknown> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: unknown): number {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= 1
    ? number
    : refuse(`--${name} must be a whole number from 1, not ${String(text)}`);
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}
