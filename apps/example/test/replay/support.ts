import type { ReplayContext } from "../../src/replay/context.ts";
import { recordingsFolder } from "../../src/folders.ts";
import { replayProgram } from "../../src/replay/replay-program.ts";

export const usualFlags: readonly string[] = [
  "--print",
  "-",
  "--output-format",
  "stream-json",
  "--verbose",
];

export interface Played {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What the replay waited for, ms. */
  readonly sleeps: readonly number[];
}

export interface PlayOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly folder?: string;
  /** Sends SIGTERM in the sleep with this number, from 1. */
  readonly sigtermInSleep?: number;
  /** Sends SIGTERM while the prompt is read, which never ends. */
  readonly sigtermInPrompt?: true;
  readonly write?: (data: Uint8Array | string) => void | Promise<void>;
}

/** Plays in a world whose clock does not run: each sleep is over at once, and noted. */
export async function play(options: PlayOptions = {}): Promise<Played> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const sleeps: number[] = [];
  const sigterm = new AbortController();
  const context: ReplayContext = {
    argv: ["claude", ...(options.args ?? usualFlags)],
    env: options.env ?? {},
    stdin:
      options.sigtermInPrompt === true
        ? endless(() => sigterm.abort(new Error("SIGTERM")))
        : input(options.stdin ?? "a prompt"),
    stdout: {
      write: (data) => {
        stdout.push(Buffer.from(data));
        return options.write?.(data);
      },
    },
    stderr: { write: (data) => void stderr.push(Buffer.from(data)) },
    signal: sigterm.signal,
    sleep: async (ms) => {
      const interruptible = !sigterm.signal.aborted;
      sleeps.push(ms);
      if (sleeps.length === options.sigtermInSleep) sigterm.abort(new Error("SIGTERM"));
      if (interruptible) sigterm.signal.throwIfAborted();
    },
  };
  const code = await replayProgram(options.folder ?? recordingsFolder)(context);
  return {
    code,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString(),
    sleeps,
  };
}

async function* input(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield new TextEncoder().encode(text);
}

async function* endless(onRead: () => void): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode("a beginning");
  onRead();
  await new Promise(() => undefined);
}
