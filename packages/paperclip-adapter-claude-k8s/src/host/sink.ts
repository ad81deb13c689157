import { textOf } from "../untyped.ts";
import type { AdapterExecutionContext, AdapterRuntimeEvent } from "@paperclipai/adapter-utils";
import { pieces } from "./pieces.ts";

/** Where a run tells the host what happens. None of its calls throws: a host that cannot listen stops no run. */
export interface RunSink {
  /** What the program wrote, whole and in order. Ends when the host has taken it. */
  output(text: string): Promise<void>;
  /** A line of the adapter's own, apart from the program's output. */
  note(text: string): Promise<void>;
  /** The line of the adapter's own that hosts look for in the output. */
  remark(text: string): Promise<void>;
  /** What the run is doing now, as a status line; nothing that must be kept. */
  progress(phase: RunPhase, message: string): Promise<void>;
  /** A milestone. */
  event(eventType: string, message: string, payload?: Record<string, unknown>): Promise<void>;
  /** What the host failed to take, the first failure of each kind. */
  readonly failures: readonly string[];
}

type RunPhase = "adapter_startup" | "finalize";

type HostSide = Pick<AdapterExecutionContext, "onLog" | "onEvent" | "onRuntimeProgress">;

/** The host's status line holds 180 characters. */
const progressLength = 180;

export function hostSink(host: HostSide): RunSink {
  const failures: string[] = [];
  const tell = async (what: string, call: () => unknown): Promise<void> => {
    try {
      await call();
    } catch (error) {
      const known = failures.some((failure) => failure.startsWith(`${what}: `));
      if (!known) failures.push(`${what}: ${textOf(error)}`);
    }
  };
  const log = async (stream: "stdout" | "stderr", text: string): Promise<void> => {
    for (const piece of pieces(text))
      await tell(`onLog ${stream}`, () => host.onLog(stream, piece));
  };

  return {
    failures,
    output: (text) => log("stdout", text),
    note: (text) => log("stderr", `[claude-k8s] ${text}\n`),
    remark: (text) => log("stdout", `[paperclip] ${text}\n`),
    progress: (phase, message) =>
      tell("onRuntimeProgress", () =>
        host.onRuntimeProgress?.({ phase, message: message.slice(0, progressLength) }),
      ),
    event: (eventType, message, payload) => {
      const event: AdapterRuntimeEvent = {
        eventType,
        stream: "system",
        level: "info",
        message,
        ...(payload === undefined ? {} : { payload }),
      };
      return tell("onEvent", () => host.onEvent?.(event));
    },
  };
}
