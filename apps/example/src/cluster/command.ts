import { spawn } from "node:child_process";
import { ExampleError } from "../errors.ts";

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

/** Between SIGTERM and SIGKILL, for a command whose caller gave up. */
const graceMs = 5_000;

/**
 * Runs a program to its end. It has a process group of its own, so that Ctrl-C at the terminal
 * reaches only us and we end it in order.
 * @throws ExampleError `EXAMPLE_COMMAND` when the program cannot be started; the signal's reason on abort
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) {
      reject(options.signal.reason);
      return;
    }
    const child = spawn(command, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    let escalation: NodeJS.Timeout | undefined;
    const stop = (): void => {
      endGroup(child.pid, "SIGTERM");
      escalation = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
    };
    options.signal.addEventListener("abort", stop, { once: true });
    const settle = (act: () => void): void => {
      clearTimeout(escalation);
      options.signal.removeEventListener("abort", stop);
      act();
    };
    child.on("error", (cause) => settle(() => reject(notStarted(command, cause))));
    child.on("close", (code) =>
      settle(() =>
        options.signal.aborted
          ? reject(options.signal.reason)
          : resolve({ code: code ?? 1, ...output }),
      ),
    );
  });
}

/**
 * Runs a program that must succeed; answers what it printed.
 * @throws ExampleError `EXAMPLE_COMMAND` with the last lines it wrote
 */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const end = await runCommand(command, args, options);
  if (end.code === 0) return end.stdout;
  const said = `${end.stdout}\n${end.stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new ExampleError(
    "EXAMPLE_COMMAND",
    `\`${[command, ...args].join(" ")}\` ended with code ${end.code}:\n${said}`,
  );
}

/** Signals a process group that may be gone already. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function notStarted(command: string, cause: Error): ExampleError {
  return new ExampleError("EXAMPLE_COMMAND", `\`${command}\` cannot be started: ${cause.message}`, {
    cause,
  });
}
