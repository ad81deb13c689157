import { getEventListeners } from "node:events";
import {
  type FollowLimits,
  followLog,
  type LogCursor,
  type LogEvent,
  type LogLine,
} from "../../src/index.ts";
import { jumpingClock } from "./jumping-clock.ts";
import type { ScriptedLog } from "./scripted-log.ts";

export const target = { namespace: "n", pod: "p", container: "c" };

export type Collected = {
  readonly events: LogEvent[];
  readonly lines: LogLine[];
  readonly texts: string[];
  readonly end: Extract<LogEvent, { type: "end" }> | undefined;
};

/** Follows a scripted log to its end, in no time. */
export async function collect(
  log: Pick<ScriptedLog, "source" | "containerState">,
  options: { from?: LogCursor; limits?: FollowLimits; stopAfterLines?: number } = {},
): Promise<Collected> {
  const { stopAfterLines = Infinity, ...rest } = options;
  const events: LogEvent[] = [];
  const lines: LogLine[] = [];
  const { source, containerState } = log;
  const signal = new AbortController().signal;
  const clock = jumpingClock();
  for await (const event of followLog({ source, containerState, target, signal, clock, ...rest })) {
    events.push(event);
    if (event.type === "lines") lines.push(...event.lines);
    if (lines.length >= stopAfterLines) break;
    if (events.length > 20_000) throw new Error("this follow does not end");
  }
  if (getEventListeners(signal, "abort").length > 0) throw new Error("a listener was left behind");
  const last = events.at(-1);
  return {
    events,
    lines,
    texts: lines.map(({ text }) => text),
    end: last?.type === "end" ? last : undefined,
  };
}
