import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { ExampleError } from "../errors.ts";

type CommandLine<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true }>
>;

/**
 * Reads a command line of options alone.
 * @throws ExampleError `EXAMPLE_OPTION` that names the option
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  known: T,
): CommandLine<T>["values"] {
  const { values, positionals } = readCommandLine(args, known);
  const [unexpected] = positionals;
  if (unexpected === undefined) return values;
  throw new ExampleError(
    "EXAMPLE_OPTION",
    `Unexpected argument '${unexpected}'. --help lists the options`,
  );
}

/**
 * Reads a command line of options and other words.
 * @throws ExampleError `EXAMPLE_OPTION` that names the option
 */
export function readCommandLine<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  known: T,
): Pick<CommandLine<T>, "values" | "positionals"> {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: true });
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split(/[.]?\s*\n|\. /)[0];
    throw new ExampleError("EXAMPLE_OPTION", `${why}. --help lists the options`, { cause });
  }
}
