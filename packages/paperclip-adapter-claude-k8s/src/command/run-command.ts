import { readFileSync } from "node:fs";
import { textOf, fieldsOf } from "../untyped.ts";
import { adopt } from "./adopt.ts";
import { type CommandLine, type Invocation, parseCommandLine } from "./command-line.ts";
import { type Connection, connect } from "./connection.ts";
import { doctor } from "./doctor.ts";
import { exitCodeOf, exitCodeOfEnd, exitCodes } from "./exit-codes.ts";
import { list } from "./list.ts";
import { logs } from "./logs.ts";
import { stop } from "./stop.ts";
import { say, type Surroundings } from "./surroundings.ts";
import { sweep } from "./sweep.ts";
import { usage } from "./usage.ts";

/**
 * Carries out one `claude-k8s` command. Never throws: what goes wrong is said on stderr.
 * @param args the words after `claude-k8s`
 * @returns what the process is to exit with
 */
export async function runCommand(args: readonly string[], around: Surroundings): Promise<number> {
  let connection: Connection | undefined;
  try {
    const line = parseCommandLine(args);
    if (line.kind !== "run") return await inform(line, around);
    connection = connect(line.invocation.options);
    return await carryOut(line.invocation, connection, around);
  } catch (error) {
    const ended = around.signal.aborted ? exitCodeOfEnd(around.signal.reason) : undefined;
    if (ended !== undefined) return ended;
    const code = exitCodeOf(error);
    const more = code === exitCodes.internal && error instanceof Error ? error.stack : undefined;
    await say(around, `claude-k8s: ${more ?? textOf(error)}`);
    return code;
  } finally {
    connection?.close();
  }
}

async function inform(
  line: Exclude<CommandLine, { kind: "run" }>,
  { stdout }: Surroundings,
): Promise<number> {
  await stdout.write(line.kind === "help" ? usage(line.about) : `${version()}\n`);
  return exitCodes.done;
}

function carryOut(
  { name, run = "", options }: Invocation,
  connection: Connection,
  around: Surroundings,
): Promise<number> {
  switch (name) {
    case "list":
      return list(connection, options, around);
    case "logs":
      return logs(connection, run, options, around);
    case "stop":
      return stop(connection, run, options, around);
    case "adopt":
      return adopt(connection, run, options, around);
    case "sweep":
      return sweep(connection, options, around);
    case "doctor":
      return doctor(connection, options, around);
    default:
      return name satisfies never;
  }
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return String(fieldsOf(JSON.parse(text))["version"]);
}
