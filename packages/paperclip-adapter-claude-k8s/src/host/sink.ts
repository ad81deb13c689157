import { textOf } from "../untyped.ts";
import type {
  AdapterExecutionContext,
  AdapterRuntimeEvent,
  RuntimeStatusUpdate,
} from "@paperclipai/adapter-utils";
import { type Clock, realClock } from "@claude-k8s/kube-http";
import type { Activity } from "../run/activity.ts";
import { pieces } from "./pieces.ts";

/**
 * Where a run tells the host what happens. None of its calls throws, and none but `output` waits long: a host
 * that cannot listen stops no run, and does not keep a stop from reaching the Job.
 */
export interface RunSink {
  /** What the program wrote, whole and in order. Ends when the host has taken it. */
  output(text: string): Promise<void>;
  /** A line of the adapter's own, apart from the program's output. */
  note(text: string): Promise<void>;
  /** The line of the adapter's own that hosts look for in the output. */
  remark(text: string): Promise<void>;
  /** What the run is doing now, as a status line; nothing that must be kept. */
  progress(phase: RunPhase, message: string): Promise<void>;
  /** What the program does now, as a status line. */
  activity(activity: Activity): Promise<void>;
  /** A milestone. */
  event(eventType: string, message: string, payload?: Record<string, unknown>): Promise<void>;
  /** Any other call of the host's, named as the host names it. */
  call(what: string, call: () => unknown): Promise<void>;
  /** What the host failed to take, the first failure of each kind. */
  readonly failures: readonly string[];
}

type RunPhase = "adapter_startup" | "finalize";

type HostSide = Pick<AdapterExecutionContext, "onLog" | "onEvent" | "onRuntimeProgress">;

/** The host's status line holds 180 characters. */
const progressLength = 180;

/** How long a call is waited for that nothing depends on. */
const patienceMs = 2_000;

export function hostSink(
  host: HostSide,
  {
    clock = realClock,
    limitMs = patienceMs,
    redact = (text) => text,
  }: { clock?: Clock; limitMs?: number; redact?: (text: string) => string } = {},
): RunSink {
  const failures: string[] = [];
  const failed = (what: string, why: string): void => {
    const known = failures.some((failure) => failure.startsWith(`${what}: `));
    if (!known) failures.push(`${what}: ${why}`);
  };
  const wholly = async (what: string, call: () => unknown): Promise<void> => {
    try {
      await call();
    } catch (error) {
      failed(what, textOf(error));
    }
  };
  const tell = briefly(wholly, failed, { clock, limitMs });
  const log = async (
    how: typeof tell,
    stream: "stdout" | "stderr",
    text: string,
  ): Promise<void> => {
    for (const piece of pieces(text)) await how(`onLog ${stream}`, () => host.onLog(stream, piece));
  };

  const status = (update: RuntimeStatusUpdate): Promise<void> => {
    const message = update.message.slice(0, progressLength);
    return tell("onRuntimeProgress", () => host.onRuntimeProgress?.({ ...update, message }));
  };

  return {
    failures,
    call: tell,
    output: (text) => log(wholly, "stdout", text),
    note: (text) => log(tell, "stderr", `[claude-k8s] ${text}\n`),
    remark: (text) => log(tell, "stdout", `[paperclip] ${text}\n`),
    progress: (phase, message) => status({ phase, message }),
    activity: ({ message, tool, snippet }) =>
      status({
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the host has it, and its type for adapters lacks it
        phase: "run_activity" as RuntimeStatusUpdate["phase"],
        message: redact(message),
        currentToolName: tool ?? null,
        lastAssistantSnippet: snippet === undefined ? null : redact(snippet),
        lastEventAt: new Date(clock.now()),
      }),
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

type Tell = (what: string, call: () => unknown) => Promise<void>;

/** The same, but waits for no call longer than the limit, nor for those after one that has not come back. */
function briefly(
  tell: Tell,
  failed: (what: string, why: string) => void,
  { clock, limitMs }: { clock: Clock; limitMs: number },
): Tell {
  const silent = new Set<string>();
  return async (what, call) => {
    const isSilent = silent.has(what);
    const told = tell(what, call).then(() => silent.delete(what));
    if (isSilent) return;
    const late = Promise.withResolvers<void>();
    const disarm = clock.after(limitMs, () => {
      silent.add(what);
      failed(what, `no answer within ${limitMs} ms`);
      late.resolve();
    });
    await Promise.race([told, late.promise]);
    disarm();
  };
}
