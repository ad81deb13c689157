import { rfc3339Nanos } from "./clock.ts";
import { concat, type ContainerLog, type LogRecord } from "./log-records.ts";

/** What a log request asks for. */
export interface LogQuery {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Nanoseconds; records before it are left out, one by one. */
  readonly since?: bigint;
  readonly limitBytes?: number;
}

/**
 * The kubelet's file reader. `tailLines` counts records, not lines; `since` is inclusive and judges
 * each record; a timestamp is printed only where the output printed before ended in a newline,
 * whichever stream that was.
 */
export async function* readLog(
  log: ContainerLog,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let index = startIndex(log, query.tailLines);
  let left = query.limitBytes ?? Infinity;
  let atLineStart = true;
  while (!signal.aborted) {
    // Read before the records are: what is written after the end was seen is not there.
    const ended = log.ended;
    const pieces: Uint8Array[] = [];
    for (; index < log.next && left > 0; index += 1) {
      const record = log.at(index);
      if (record === undefined || (query.since !== undefined && record.time < query.since))
        continue;
      const piece = printRecord(record, query.timestamps && atLineStart).subarray(0, left);
      left -= piece.length;
      atLineStart = record.full;
      pieces.push(piece);
      if (pieces.length === 256) yield pieces.splice(0).reduce(concat);
    }
    if (pieces.length > 0) yield pieces.reduce(concat);
    if (!query.follow || ended || left <= 0) return;
    if (index >= log.next && !log.ended) await log.changed(signal);
  }
}

function startIndex(log: ContainerLog, tailLines: number | undefined): number {
  return tailLines === undefined ? log.first : Math.max(log.first, log.next - tailLines);
}

function printRecord(record: LogRecord, withTime: boolean): Uint8Array {
  const body = record.full ? concat(record.content, newline) : record.content;
  return withTime ? concat(encoder.encode(`${rfc3339Nanos(record.time)} `), body) : body;
}

const encoder = new TextEncoder();
const newline = new Uint8Array([0x0a]);
