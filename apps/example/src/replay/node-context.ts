import type { Writable } from "node:stream";

import type { ReplayContext, ReplayOutput } from "./context.ts";

/**
 * The replay's context made from a Node process. From here on SIGTERM no longer ends the process:
 * the replay decides.
 */
export function nodeContext(process: NodeJS.Process): ReplayContext {
  const sigterm = new AbortController();
  process.on("SIGTERM", () => sigterm.abort(new Error("SIGTERM")));
  return {
    argv: ["claude", ...process.argv.slice(2)],
    env: process.env,
    stdin: process.stdin,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    signal: sigterm.signal,
    sleep: (ms) => sleep(ms, sigterm.signal),
  };
}

/**
 * Resolves each write when the system has taken its bytes, so that a slow reader slows the replay
 * and nothing is left to flush at the exit. A reader that went away is not noticed: the CLI runs on
 * to its end too.
 */
function output(stream: Writable): ReplayOutput {
  let gone = false;
  stream.on("error", () => {
    gone = true;
  });
  return {
    write: (data) =>
      new Promise<void>((resolve, reject) => {
        if (gone) return resolve();
        stream.write(data, (error) => {
          if (error == null || isReaderGone(error)) resolve();
          else reject(error);
        });
      }),
  };
}

function isReaderGone(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
}

function sleep(ms: number, sigterm: AbortSignal): Promise<void> {
  const interruptible = !sigterm.aborted;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      globalThis.clearTimeout(timer);
      reject(sigterm.reason);
    };
    const timer = globalThis.setTimeout(() => {
      sigterm.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (interruptible) sigterm.addEventListener("abort", stop, { once: true });
  });
}
