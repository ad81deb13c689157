import { ExampleError } from "../errors.ts";
import type { Offer } from "./choose.ts";
import { runCommand } from "./command.ts";

/** Looks at what is there: the environment first, and kind and Docker only when it names nothing. */
export async function lookAround(signal: AbortSignal): Promise<Offer> {
  const kubeconfig = process.env["KUBECONFIG"];
  if (kubeconfig !== undefined && kubeconfig !== "")
    return { kubeconfig, kindProblem: undefined, engineProblem: undefined };
  const [kindProblem, engineProblem] = await Promise.all([
    problemOf("kind", ["version"], signal),
    problemOf("docker", ["ps", "--quiet"], signal),
  ]);
  return { kubeconfig: undefined, kindProblem, engineProblem };
}

async function problemOf(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const end = await runCommand(command, args, { signal });
    if (end.code === 0) return undefined;
    const said = end.stderr.trim().split("\n").at(-1) ?? "";
    return `\`${command} ${args[0] ?? ""}\` fails: ${said}`;
  } catch (error) {
    if (ExampleError.isInstance(error)) return `\`${command}\` is not on PATH`;
    throw error;
  }
}
