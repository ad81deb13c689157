import { StringDecoder } from "node:string_decoder";
import { toCursor } from "./cursor.ts";
import type { Follower, Gap } from "./follower.ts";
import { after, type Progress } from "./progress.ts";
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
    const first = follower.progress.lines + 1;
    const isAfterGap = follower.gap !== undefined;
    yield* tellGap(follower, batch[0]?.time);
    follower.progress = { ...after(follower.progress, batch), ended: last?.verified === true };
    const lines = batch.map((record, i) => toLine(record, first + i));
    if (isAfterGap && lines[0] !== undefined) lines[0] = { ...lines[0], afterGap: true };
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

/** Lines may be missing after what was delivered so far. */
export function gapOf({ at }: Progress): Gap {
  // If the rotation came exactly after our last line nothing is lost, and nobody can tell.
  return { certainty: "possible", after: at?.time };
}

/** The event of a gap that was not told yet, if there is one. */
export function* tellGap(
  follower: Follower,
  before?: string,
): Generator<LogEvent, void, undefined> {
  const { gap } = follower;
  follower.gap = undefined;
  if (gap === undefined) return;
  yield {
    type: "gap",
    certainty: gap.certainty,
    ...(gap.after === undefined ? {} : { after: gap.after }),
    ...(before === undefined ? {} : { before }),
  };
}
