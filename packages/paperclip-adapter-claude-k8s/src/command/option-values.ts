import { AdapterError } from "../errors.ts";

/** The options of a command line, read. Those that a subcommand does not have are absent or false. */
export interface OptionValues {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly isEverywhere: boolean;
  readonly json: boolean;
  readonly observe: boolean;
  readonly wide: boolean;
  readonly follow: boolean;
  readonly transcript: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number | undefined;
  readonly unreadMs: number | undefined;
  readonly runningMs: number | undefined;
  readonly as: string | undefined;
}

/** @throws AdapterError `ADAPTER_COMMAND_LINE` that names the option, what was expected and what came */
export function readOptions(given: ReadonlyMap<string, string | true>): OptionValues {
  const text = (name: string): string | undefined => {
    const value = given.get(name);
    return value === true ? undefined : value;
  };
  const namespace = text("namespace");
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/u.test(namespace))
    throw wrong("--namespace", "a namespace's name (a-z, 0-9 and -)", namespace);
  const isEverywhere = given.has("all-namespaces");
  if (isEverywhere && namespace !== undefined)
    throw wrong("--all-namespaces", "no --namespace beside it", `--namespace ${namespace}`);
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    namespace,
    isEverywhere,
    json: given.has("json"),
    observe: given.has("observe"),
    wide: given.has("wide"),
    follow: given.has("follow"),
    transcript: given.has("transcript"),
    dryRun: given.has("dry-run"),
    timeoutMs: seconds("--timeout", text("timeout")),
    unreadMs: age("--unread", text("unread")),
    runningMs: age("--running", text("running")),
    as: text("as"),
  };
}

const longest = 86_400;

function seconds(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/u.test(text) ? Number(text) : 0;
  if (value < 1 || value > longest)
    throw wrong(name, `a whole number of seconds from 1 to ${longest}`, text);
  return value * 1_000;
}

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function age(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const ms = units[unit];
  if (ms === undefined) throw wrong(name, "an age such as 90s, 15m, 24h or 2d", text);
  return Number(count) * ms;
}

function wrong(option: string, expected: string, got: string): AdapterError {
  return new AdapterError(
    "ADAPTER_COMMAND_LINE",
    `${option}: expected ${expected}; got ${JSON.stringify(got)}`,
  );
}
