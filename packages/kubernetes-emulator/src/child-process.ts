import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { signalNumbers } from "./signal-numbers.ts";
import { StartError } from "./start-error.ts";
import type { Program, ProgramContext } from "./types.ts";

/** How a container becomes a child process of this one. */
export interface ChildProcessOptions {
  /** What to run instead of the container's command, e.g. `["node", "fake-claude.js"]`; `argv[1…]` follows. */
  readonly command?: readonly string[];
  /** Environment beside the container's. Default: `PATH` of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A program that runs a real child process: the container's command as given (or `command` in the
 * place of `argv[0]`), its environment, and its mounted files under a temporary directory. Where an
 * argument (also inside a shell script) names a mounted file, the path is rewritten; the root is in
 * `EMULATOR_ROOT`. SIGTERM and SIGKILL reach the child.
 */
export function childProcessProgram(options: ChildProcessOptions = {}): Program {
  return async (context) => {
    const root = await mkdtemp(join(tmpdir(), "kubernetes-emulator-"));
    // Nobody waits for a killed program, and among its files are Secrets: they go before the emulator does.
    const remove = (): void => rmSync(root, { recursive: true, force: true });
    context.killed.addEventListener("abort", remove, { once: true });
    try {
      const files = await materialise(context, root);
      if (context.killed.aborted) return 128 + 9;
      return await runChild(context, options, { root, files });
    } finally {
      context.killed.removeEventListener("abort", remove);
      await rm(root, { recursive: true, force: true });
    }
  };
}

async function materialise(context: ProgramContext, root: string): Promise<string[]> {
  const files = await context.files();
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return [...files.keys()].toSorted((a, b) => b.length - a.length);
}

function runChild(
  context: ProgramContext,
  options: ChildProcessOptions,
  place: { readonly root: string; readonly files: readonly string[] },
): Promise<number> {
  const given =
    options.command === undefined
      ? context.command
      : [...options.command, ...context.argv.slice(1)];
  const [file = "sh", ...args] = given.map((argument) => rewrite(argument, place));
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: {
        PATH: globalThis.process.env["PATH"] ?? "/usr/bin:/bin",
        ...options.env,
        ...context.env,
        EMULATOR_ROOT: place.root,
      },
      cwd: place.root,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const terminate = (): void => void child.kill("SIGTERM");
    const kill = (): void => void child.kill("SIGKILL");
    context.signal.addEventListener("abort", terminate, { once: true });
    context.killed.addEventListener("abort", kill, { once: true });
    // What came while the files were written found no child.
    if (context.signal.aborted) terminate();
    child.stdout.on("data", (chunk: Uint8Array) => context.stdout.write(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => context.stderr.write(chunk));
    // A child that does not read its stdin closes it; the pipe's error is of no interest then.
    child.stdin.on("error", () => undefined);
    feed(context.stdin, child.stdin).catch((cause: unknown) => {
      kill();
      reject(cause instanceof Error ? cause : new Error(String(cause)));
    });
    child.on("error", (cause: NodeJS.ErrnoException) => {
      reject(cause.code === "ENOENT" ? new StartError(file, { cause }) : cause);
    });
    child.on("close", (code, signal) => {
      context.signal.removeEventListener("abort", terminate);
      context.killed.removeEventListener("abort", kill);
      resolve(code ?? 128 + (signalNumbers[signal ?? "SIGKILL"] ?? 9));
    });
  });
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  target: NodeJS.WritableStream,
): Promise<void> {
  for await (const chunk of source) target.write(chunk);
  target.end();
}

/** One pass, longest paths first, so that what was put in is not looked at again. */
function rewrite(
  argument: string,
  place: { readonly root: string; readonly files: readonly string[] },
): string {
  if (place.files.length === 0) return argument;
  const paths = new RegExp(
    place.files.map((file) => file.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"),
    "g",
  );
  return argument.replaceAll(paths, (file) => join(place.root, file));
}
