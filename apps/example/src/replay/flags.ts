/** What the command line asks of `claude`, as far as a replay can answer it. */
export type Invocation = { readonly kind: "version" } | { readonly kind: "print" } | Refusal;

interface Refusal {
  readonly kind: "refused";
  /** For stderr. */
  readonly message: string;
}

/**
 * A replay can only print stream-json, so it refuses what would have made the CLI write something
 * else, and what the CLI refuses itself. Flags that change nothing about the output's format are
 * taken as they come.
 */
export function readFlags(args: readonly string[]): Invocation {
  if (args.includes("--version") || args.includes("-v")) return { kind: "version" };
  if (!args.includes("--print") && !args.includes("-p")) {
    return refused("only --print can be replayed: add --print (or -p)");
  }
  const format = valueOf(args, "--output-format");
  if (format !== "stream-json") {
    const came = format === undefined ? "it is missing" : `got ${format}`;
    return refused(
      `only stream-json can be replayed: expected --output-format stream-json, ${came}`,
    );
  }
  // The CLI's own rule, in its words.
  if (!args.includes("--verbose")) {
    return {
      kind: "refused",
      message: "Error: When using --print, --output-format=stream-json requires --verbose",
    };
  }
  return { kind: "print" };
}

/** `--name value` and `--name=value`. */
function valueOf(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const found = args[at];
  if (found === undefined) return undefined;
  return found === name ? args[at + 1] : found.slice(name.length + 1);
}

function refused(message: string): Refusal {
  return { kind: "refused", message: `Error: ${message}` };
}
