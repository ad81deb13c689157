import { StringDecoder } from "node:string_decoder";
import { toCursor } from "./cursor.ts";
import type { Follower } from "./follower.ts";
import { after } from "./progress.ts";
import type { LogRecord } from "./record.ts";
import type { LogEvent, LogLine } from "./types.ts";

/**
 * The events that hand `records` over, in batches. The progress is moved on before each is yielded,
 * so the cursor in it is the one to resume from.
 * @param last given when the one record is what came after the last newline of an ended log
 */
export function* deliver(
  follower: Follower,
  records: readonly LogRecord[],
  last?: { readonly verified: boolean },
): Generator<LogEvent, void, undefined> {
  for (const batch of batches(records, follower.limits.maxBatchBytes)) {
    const gap = follower.gap;
    const first = follower.progress.lines + 1;
    follower.gap = undefined;
    follower.progress = { ...after(follower.progress, batch), ended: last?.verified === true };
    if (gap !== undefined) yield gapEvent(gap.after, batch[0]?.time);
    const lines = batch.map((record, i) => toLine(record, first + i));
    if (gap !== undefined && lines[0] !== undefined) lines[0] = { ...lines[0], afterGap: true };
    if (last !== undefined) lines[lines.length - 1] = { ...lines.at(-1)!, noNewline: true };
    yield { type: "lines", lines, cursor: toCursor(follower.target, follower.progress) };
  }
}

function* batches(
  records: readonly LogRecord[],
  maxBytes: number,
): Generator<LogRecord[], void, undefined> {
  let batch: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    batch.push(record);
    bytes += record.content.length;
    if (bytes < maxBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

function toLine({ time, content, length }: LogRecord, number: number): LogLine {
  const truncated = length > content.length;
  // The decoder leaves out a character whose end was cut off.
  const text = truncated ? new StringDecoder("utf8").write(content) : content.toString("utf8");
  return {
    number,
    ...(time === undefined ? {} : { time }),
    text,
    ...(truncated ? { truncated } : {}),
  };
}

function gapEvent(gapAfter: string | undefined, before: string | undefined): LogEvent {
  return {
    type: "gap",
    // If the rotation came exactly after our last line nothing is lost, and nobody can tell.
    certainty: "possible",
    ...(gapAfter === undefined ? {} : { after: gapAfter }),
    ...(before === undefined ? {} : { before }),
  };
}
