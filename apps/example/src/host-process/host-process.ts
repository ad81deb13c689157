import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { parsed } from "../json.ts";
import type { HostProcessSetup, HostRecord, RunCommand } from "./protocol.ts";

/** What a host's process has told of one run so far. */
export interface ToldRun {
  output: string;
  readonly said: string[];
  readonly events: string[];
  /** More than one would be a mistake. */
  readonly results: AdapterExecutionResult[];
}

/** A host in a process of its own. */
export interface HostProcess extends AsyncDisposable {
  readonly pid: number;
  /** Begins a turn; ends as soon as the process was told. */
  execute(command: RunCommand): void;
  told(runId: string): ToldRun;
  /**
   * Ends when `isTrue` holds of what was told, which is asked after every word.
   * @throws Error when the process ended, or time is up, without it
   */
  until(isTrue: () => boolean, withinMs: number): Promise<void>;
  result(runId: string, withinMs: number): Promise<AdapterExecutionResult>;
  signal(name: NodeJS.Signals): void;
  /** Ends when the process is gone and all it told is known. */
  readonly gone: Promise<number | NodeJS.Signals>;
}

const program = join(import.meta.dirname, "main.ts");

/** Starts one, and waits until it listens. */
export async function startHostProcess(setup: HostProcessSetup): Promise<HostProcess> {
  const child = spawn(
    process.execPath,
    ["--conditions=@claude-k8s/source", program, JSON.stringify(setup)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const runs = new Map<string, ToldRun>();
  const listeners = new Set<() => void>();
  let isReady = false;
  let end: number | NodeJS.Signals | undefined;
  const told = (runId: string): ToldRun => {
    const run = runs.get(runId) ?? { output: "", said: [], events: [], results: [] };
    runs.set(runId, run);
    return run;
  };
  const take = (record: HostRecord): void => {
    if (record.type === "ready") isReady = true;
    else if (record.type === "output") told(record.runId).output += record.text;
    else if (record.type === "said") told(record.runId).said.push(record.text);
    else if (record.type === "event") told(record.runId).events.push(record.event);
    else told(record.runId).results.push(record.result);
    for (const listener of listeners) listener();
  };
  const toItsEnd = async (): Promise<number | NodeJS.Signals> => {
    end = await ended(child, take);
    for (const listener of listeners) listener();
    return end;
  };
  const gone = toItsEnd();

  const until = async (isTrue: () => boolean, withinMs: number): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (isTrue()) resolve();
      else if (end !== undefined) reject(new Error(`the host's process ended (${end}) before`));
    };
    const late = setTimeout(
      () => reject(new Error(`the host's process did not come to it within ${withinMs} ms`)),
      withinMs,
    );
    listeners.add(look);
    look();
    try {
      await promise;
    } finally {
      clearTimeout(late);
      listeners.delete(look);
    }
  };

  const host: HostProcess = {
    pid: child.pid ?? 0,
    execute: (command) => void child.stdin?.write(`${JSON.stringify(command)}\n`),
    told,
    until,
    async result(runId, withinMs) {
      await until(() => told(runId).results.length > 0, withinMs);
      const [result] = told(runId).results;
      if (result === undefined) throw new Error("unreachable: a result was waited for");
      return result;
    },
    signal: (name) => void child.kill(name),
    gone,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await gone;
    },
  };
  await until(() => isReady, 60_000);
  return host;
}

/** Ends when the process is gone and every line that it wrote was taken. */
async function ended(
  child: ChildProcess,
  take: (record: HostRecord) => void,
): Promise<number | NodeJS.Signals> {
  const { promise, resolve, reject } = Promise.withResolvers<number | NodeJS.Signals>();
  child.on("error", reject);
  // Nobody reads what is written to a process that was killed.
  child.stdin?.on("error", () => {});
  child.on("close", (code, signal) => resolve(code ?? signal ?? 1));
  // By newlines alone: `readline` also splits at U+2028, which may stand inside a text.
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    // A kill may come in the middle of the last line, which then tells nothing.
    rest = lines.pop() ?? "";
    for (const line of lines) take(parsed<HostRecord>(line));
  });
  return promise;
}
