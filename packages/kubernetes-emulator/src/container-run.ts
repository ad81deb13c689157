import type { Clock } from "./clock.ts";
import type { ContainerLog } from "./container-log.ts";
import { plainCommand } from "./shell-command.ts";
import { StartError } from "./start-error.ts";
import type { PodReference, Program, ProgramContext } from "./types.ts";

/** How a container ended. */
export interface Exit {
  readonly code: number;
  readonly reason: "Completed" | "Error" | "OOMKilled" | "StartError";
  readonly message?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A container that was started. */
export interface ContainerRun {
  readonly exit: Promise<Exit>;
  /** SIGTERM. */
  terminate(): void;
  /** Ends the run at once, whatever the program does; the code is that of SIGKILL unless it says another. */
  kill(code?: number): void;
}

/** What a container is made of. */
export interface ContainerSpec {
  readonly program: Program;
  readonly pod: PodReference;
  readonly container: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly files: () => Map<string, Uint8Array>;
  readonly writeFile: (path: string, content: Uint8Array) => boolean;
}

const oomKilled: unique symbol = Symbol("OOMKilled");

/** Runs a program as a container. Its exit never rejects: a program that throws has failed with code 1. */
export function startContainer(spec: ContainerSpec, log: ContainerLog, clock: Clock): ContainerRun {
  const sigterm = new AbortController();
  const sigkill = new AbortController();
  const reason = new Error("SIGTERM");
  let killCode = 137;
  const context = programContext(spec, log, {
    clock,
    sigterm: sigterm.signal,
    sigkill: sigkill.signal,
  });

  const killed = new Promise<number>((resolve) => {
    sigkill.signal.addEventListener("abort", () => resolve(killCode), { once: true });
  });
  const finish = async (): Promise<Exit> => {
    const ended = await Promise.race([outcome(spec.program, context, sigterm.signal), killed]);
    log.flush();
    sigkill.abort(new Error("the container has ended"));
    const at = clock.now();
    if (ended instanceof StartError) {
      return { code: 128, reason: "StartError", message: ended.message, at };
    }
    const code = ended === oomKilled ? 137 : ended;
    const why = ended === oomKilled ? "OOMKilled" : code === 0 ? "Completed" : "Error";
    return { code, reason: why, at };
  };
  return {
    exit: finish(),
    terminate: () => sigterm.abort(reason),
    kill: (code = killCode) => {
      killCode = code;
      sigterm.abort(reason);
      sigkill.abort(new Error("SIGKILL"));
    },
  };
}

async function outcome(
  program: Program,
  context: ProgramContext,
  sigterm: AbortSignal,
): Promise<number | typeof oomKilled | StartError> {
  try {
    const missing = await lookFor(context);
    return missing ?? (await program(context)) & 0xff;
  } catch (error) {
    if (error === oomKilled || error instanceof StartError) return error;
    if (sigterm.aborted && error === sigterm.reason) return 143;
    context.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
}

/** What the shell says and answers when something that the command needs is not there. */
async function lookFor(context: ProgramContext): Promise<number | undefined> {
  const { needs = [] } = plainCommand(context.command);
  if (needs.length === 0) return undefined;
  const there = [...(await context.files()).keys()];
  const missing = needs.find(
    ({ path }) => !there.some((file) => file === path || file.startsWith(`${path}/`)),
  );
  if (missing !== undefined) context.stderr.write(missing.says);
  return missing?.code;
}

interface Surroundings {
  readonly clock: Clock;
  readonly sigterm: AbortSignal;
  readonly sigkill: AbortSignal;
}

function programContext(
  spec: ContainerSpec,
  log: ContainerLog,
  around: Surroundings,
): ProgramContext {
  const { argv, stdinPaths = [] } = plainCommand(spec.command);
  const readFile = async (path: string): Promise<Uint8Array> => {
    const content = spec.files().get(path);
    if (content !== undefined) return content;
    throw fileError("ENOENT", "no such file or directory", path);
  };
  const output = (stream: "stdout" | "stderr"): ProgramContext["stdout"] => ({
    write: (data) => {
      if (around.sigkill.aborted) return;
      log.append(stream, typeof data === "string" ? new TextEncoder().encode(data) : data);
    },
  });
  return {
    argv,
    command: spec.command,
    env: spec.env,
    stdin: input(stdinPaths, readFile),
    workingDir: spec.workingDir,
    pod: spec.pod,
    container: spec.container,
    readFile,
    writeFile: async (path, content) => {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      if (!spec.writeFile(path, bytes)) throw fileError("EROFS", "read-only file system", path);
    },
    files: async () => spec.files(),
    stdout: output("stdout"),
    stderr: output("stderr"),
    signal: around.sigterm,
    killed: around.sigkill,
    sleep: (ms) => sleep(ms, around),
    oomKill: () => {
      throw oomKilled;
    },
  };
}

async function* input(
  paths: readonly string[],
  readFile: (path: string) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield await readFile(path);
}

async function sleep(ms: number, around: Surroundings): Promise<void> {
  const interruptible = !around.sigterm.aborted;
  await around.clock.wait(ms, interruptible ? around.sigterm : around.sigkill);
  if (interruptible) around.sigterm.throwIfAborted();
  else around.sigkill.throwIfAborted();
}

function fileError(code: string, text: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${text}, open '${path}'`), { code, path });
}
