import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { runCommand } from "../../src/command/run-command.ts";
import type { EndReason } from "../../src/command/text-target.ts";
import { createServerAdapter } from "../../src/index.ts";
import { fakeHost, namespace } from "./fake-host.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunningCommand {
  readonly done: Promise<Ran>;
  out(): string;
  err(): string;
  end(reason?: EndReason): void;
}

const target = (take: (text: string) => void) => ({
  isTTY: false,
  columns: undefined,
  write: async (text: string): Promise<void> => take(text),
});

/** Starts `claude-k8s` in this process, against the emulator and its tests' namespace. */
export function start(emulator: Emulator, args: readonly string[]): RunningCommand {
  const file = join(mkdtempSync(join(tmpdir(), "claude-k8s-")), "kubeconfig");
  writeFileSync(file, emulator.kubeConfig);
  const ending = new AbortController();
  let [out, err] = ["", ""];
  const place = args.includes("-A") ? [] : ["-n", namespace];
  const done = runCommand([...args, "--kubeconfig", file, ...place], {
    stdout: target((text) => (out += text)),
    stderr: target((text) => (err += text)),
    env: {},
    signal: ending.signal,
    now: () => Date.now(),
  }).then((code) => ({ code, out, err }));
  return {
    done,
    out: () => out,
    err: () => err,
    end: (reason = { kind: "signal", name: "SIGINT" }) => ending.abort(reason),
  };
}

export function command(emulator: Emulator, ...args: readonly string[]): Promise<Ran> {
  return start(emulator, args).done;
}

/** A run whose server lets go of it once it has printed: its Job goes on, and nobody follows it. */
export async function leftBehind(emulator: Emulator, runId = "run-1"): Promise<void> {
  const host = fakeHost({ runId });
  const printed = Promise.withResolvers<void>();
  const context = {
    ...host.context,
    onLog: async (stream: "stdout" | "stderr", text: string): Promise<void> => {
      await host.context.onLog(stream, text);
      if (stream === "stdout" && !text.startsWith("[paperclip] ")) printed.resolve();
    },
  };
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(context);
  await printed.promise;
  host.cancel("Legacy controller lease lost");
  await executed;
}
