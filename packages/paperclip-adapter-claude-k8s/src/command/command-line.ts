import { parseArgs } from "node:util";
import { AdapterError } from "../errors.ts";
import { optionsOf, type SubcommandName, subcommands } from "./options.ts";
import { type OptionValues, readOptions } from "./option-values.ts";

/** A subcommand as it is to be carried out. */
export interface Invocation {
  readonly name: SubcommandName;
  /** What the user called the run; absent where the subcommand takes none. */
  readonly run: string | undefined;
  readonly options: OptionValues;
}

export type CommandLine =
  | { readonly kind: "help"; readonly about: SubcommandName | undefined }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly invocation: Invocation };

/**
 * Reads the words after `claude-k8s`. Pure.
 * @throws AdapterError `ADAPTER_COMMAND_LINE` that names the option, what was expected and what came
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const at = args.findIndex((arg) => !arg.startsWith("-"));
  const [word] = at === -1 ? [] : [args[at]];
  const before = at === -1 ? args : args.slice(0, at);
  for (const option of before) {
    if (option === "--help" || option === "-h") return { kind: "help", about: undefined };
    if (option === "--version") return { kind: "version" };
    throw wrong(option, "a command before its options, such as list --json", "it first");
  }
  if (word === undefined) throw wrong("COMMAND", `one of ${names.join(", ")}`, "nothing");
  if (word === "help") return { kind: "help", about: undefined };
  if (!isSubcommand(word)) throw wrong("COMMAND", `one of ${names.join(", ")}`, quoted(word));
  return parseSubcommand(word, args.slice(at + 1));
}

const names = Object.keys(subcommands);

function isSubcommand(word: string): word is SubcommandName {
  return names.includes(word);
}

function parseSubcommand(name: SubcommandName, args: readonly string[]): CommandLine {
  const known = optionsOf(name);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(known).map(([option, { short, value }]) => [
        option,
        {
          type: value === undefined ? ("boolean" as const) : ("string" as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string | true>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const spec = known[token.name];
    if (spec === undefined)
      throw wrong(token.rawName, `an option of ${name}: ${listed(known)}`, "it");
    if (spec.value === undefined && token.value !== undefined)
      throw wrong(token.rawName, "no value", quoted(token.value));
    // `-n -f` has forgotten the name.
    const isForgotten = token.value?.startsWith("-") === true && !token.inlineValue;
    if (
      spec.value !== undefined &&
      (token.value === undefined || isForgotten || token.value === "")
    )
      throw wrong(token.rawName, spec.value, isForgotten ? quoted(token.value ?? "") : "nothing");
    given.set(token.name, token.value ?? true);
  }
  if (given.has("help")) return { kind: "help", about: name };
  const run = runOf(name, words);
  return { kind: "run", invocation: { name, run, options: readOptions(given) } };
}

function runOf(name: SubcommandName, words: readonly string[]): string | undefined {
  const { takesRun } = subcommands[name];
  const [first] = words;
  const unexpected = words[takesRun ? 1 : 0];
  if (unexpected !== undefined)
    throw wrong(name, takesRun ? "one RUN" : "no argument", quoted(unexpected));
  if (takesRun && (first === undefined || first === ""))
    throw wrong("RUN", "a run's id, the beginning of one, or its Job's name", "nothing");
  return first;
}

function listed(options: Readonly<Record<string, unknown>>): string {
  return Object.keys(options)
    .map((name) => `--${name}`)
    .join(", ");
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function wrong(what: string, expected: string, got: string): AdapterError {
  return new AdapterError("ADAPTER_COMMAND_LINE", `${what}: expected ${expected}; got ${got}`);
}
