import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { ExampleError } from "../errors.ts";

/**
 * Reads a command line.
 * @throws ExampleError `EXAMPLE_OPTION` that names the option
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  known: T,
): ReturnType<typeof parseArgs<{ options: T }>>["values"] {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split(/[.]?\s*\n|\. /)[0];
    throw new ExampleError("EXAMPLE_OPTION", `${why}. --help lists the options`, { cause });
  }
}
