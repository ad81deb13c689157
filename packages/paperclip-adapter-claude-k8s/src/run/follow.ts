import type { ClaudeEvent } from "@claude-k8s/claude-stream-parse";
import {
  type ContainerState,
  followLog,
  type LogEvent,
  type LogLine,
} from "@claude-k8s/log-stream";
import { containerName } from "../report/pod-state.ts";
import type { JobRun } from "./job-run.ts";
import type { LogEnd } from "./model.ts";
import type { Onlooker } from "./onlooker.ts";
import { pieceBytes } from "../host/pieces.ts";
import { after, type Rereading, unseenBy } from "./position.ts";

/**
 * Reads the container's log to its end: every line goes to the host and into the transcript, in order. The
 * next line is read when the host has taken the last one.
 */
export async function followLines(
  run: JobRun,
  containerState: ContainerState,
  { onlooker, signal }: { onlooker: Onlooker; signal: AbortSignal },
): Promise<LogEnd> {
  const { job, cluster, sink, seen } = run;
  const { pod } = seen;
  if (pod === undefined) return "none";
  const rereading = unseenBy(seen.delivered);
  const events = followLog({
    source: cluster.logs,
    target: {
      namespace: job.namespace,
      pod: pod.name,
      ...(pod.uid === undefined ? {} : { uid: pod.uid }),
      container: containerName,
    },
    containerState,
    signal,
  });
  for await (const event of events) {
    switch (event.type) {
      case "lines":
        onlooker.output(read(event.lines, run));
        await deliver(event.lines, run, rereading);
        break;
      case "gap":
        seen.history.problem(gapText(event));
        seen.history.logGap(event.certainty);
        await sink.note(gapText(event));
        break;
      case "end":
        return event.proof;
      case "spool":
        if (event.problem !== undefined)
          await sink.note(
            `what the server is slow to take cannot be put aside on its disk: ${event.problem}`,
          );
        break;
      case "stream-open":
        seen.isListening = true;
        break;
      case "stream-drop":
        seen.isListening = false;
        seen.history.logReconnect();
        break;
      case "restart":
      case "server-message":
        break;
      default:
        event satisfies never;
    }
  }
  return "unverified";
}

function gapText({ certainty }: Extract<LogEvent, { type: "gap" }>): string {
  return `lines of the log ${certainty === "certain" ? "are" : "may be"} missing: it was rotated away`;
}

/** The parser needs every line, also those that the host has from an earlier run. */
function read(lines: readonly LogLine[], { seen }: JobRun): readonly ClaudeEvent[] {
  if (lines.length > 0) seen.hasStarted = seen.hasOutput = true;
  return seen.transcript.push(joined(lines), lines.length);
}

async function deliver(
  lines: readonly LogLine[],
  { sink, seen }: JobRun,
  { isNew, isPartial }: Rereading,
): Promise<void> {
  const fresh = lines.filter((line) => isNew(line));
  if (isPartial() && !seen.isPartial) {
    seen.isPartial = true;
    await sink.note(
      "the log of the adopted Job was rotated: usage and cost count only what is left of it, and lines may be missing",
    );
  }
  for (const handful of handfuls(fresh)) {
    if (seen.isDetached) return;
    seen.handing = hand(handful);
    await seen.handing;
  }

  async function hand(handful: readonly LogLine[]): Promise<void> {
    await sink.output(joined(handful));
    for (const line of handful) seen.delivered = after(seen.delivered, line);
  }
}

/** Few enough lines that a detach has not to wait long until it is known which of them the host has. */
function* handfuls(lines: readonly LogLine[]): Generator<readonly LogLine[]> {
  let handful: LogLine[] = [];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line.text) + 1;
    if (handful.length > 0 && size + bytes > pieceBytes) {
      yield handful;
      [handful, size] = [[], 0];
    }
    handful.push(line);
    size += bytes;
  }
  if (handful.length > 0) yield handful;
}

function joined(lines: readonly LogLine[]): string {
  return lines.map(({ text, noNewline }) => (noNewline === true ? text : `${text}\n`)).join("");
}
