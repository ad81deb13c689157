import { spawn } from "node:child_process";
import { createHash } from "node:crypto";

import { ExampleError } from "../errors.ts";
import type { RecordedChunk, RecordedEnd, Recording } from "./recording.ts";

export interface RecordOptions {
  readonly command: readonly [program: string, ...args: string[]];
  /** What the recording shows, in a sentence. */
  readonly about: string;
  /** The program's version line. Default: its name. */
  readonly program?: string;
  readonly stdin: Uint8Array;
  readonly cwd?: string;
  /** The whole environment. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** SIGKILL as soon as so many bytes of stdout were read. */
  readonly killAfterBytes?: number;
  /** Ends the command with SIGTERM; what it still writes and how it ends is recorded. */
  readonly signal: AbortSignal;
  /** Milliseconds of a steady clock. */
  readonly now?: () => number;
  /** The day, for the file's first line. */
  readonly today?: () => Date;
}

/**
 * Runs a command to its end and keeps each read of its stdout and stderr with its time, in the order
 * they came.
 *
 * @throws ExampleError `EXAMPLE_COMMAND` when it cannot be started.
 */
export async function record(options: RecordOptions): Promise<Recording> {
  const { command, stdin, about, program = command[0] } = options;
  const now = options.now ?? (() => globalThis.performance.now());
  const today = options.today ?? (() => new Date());
  const recordedAt = today().toISOString();
  const { chunks, end } = await run(options, now);
  return {
    about: {
      about,
      program,
      command,
      recordedAt,
      stdin: {
        bytes: stdin.byteLength,
        sha256: createHash("sha256").update(stdin).digest("hex"),
      },
    },
    chunks,
    end,
  };
}

type Run = Pick<Recording, "chunks" | "end">;

function run(options: RecordOptions, now: () => number): Promise<Run> {
  const [file, ...args] = options.command;
  return new Promise((resolve, reject) => {
    const started = now();
    const elapsed = (): number => Math.round(now() - started);
    const child = spawn(file, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      stdio: "pipe",
    });
    const chunks: RecordedChunk[] = [];
    let room = options.killAfterBytes ?? Number.POSITIVE_INFINITY;
    child.stdout.on("data", (bytes: Uint8Array) => {
      chunks.push({ at: elapsed(), stream: "stdout", bytes });
      room -= bytes.byteLength;
      if (room <= 0) child.kill("SIGKILL");
    });
    child.stderr.on("data", (bytes: Uint8Array) => {
      chunks.push({ at: elapsed(), stream: "stderr", bytes });
    });
    const stop = (): void => void child.kill("SIGTERM");
    options.signal.addEventListener("abort", stop, { once: true });
    child.on("error", (cause) => {
      options.signal.removeEventListener("abort", stop);
      reject(
        new ExampleError("EXAMPLE_COMMAND", `Cannot run ${file}: ${cause.message}`, { cause }),
      );
    });
    child.on("close", (code, signal) => {
      options.signal.removeEventListener("abort", stop);
      resolve({ chunks, end: endOf(elapsed(), code, signal) });
    });
    // A command that does not read its stdin closes it: that is its own affair.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin);
    if (options.signal.aborted) stop();
  });
}

function endOf(at: number, code: number | null, signal: NodeJS.Signals | null): RecordedEnd {
  if (signal !== null) return { at, signal };
  return { at, code: code ?? 0 };
}
