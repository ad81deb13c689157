import type { ContainerLog } from "./container-log.ts";
import type { LogFile } from "./log-file.ts";
import { createLogPrinter, type LogPrinter, type PrintQuery } from "./log-print.ts";
import type { LogTrouble } from "./node-types.ts";

/** What a log request asks for. */
export interface LogQuery extends PrintQuery {
  readonly follow: boolean;
  readonly tailLines?: number;
}

/** The node that reads. */
export interface LogReading {
  readonly zoneMinutes: number;
  /** A follow misses the first rotation after it was opened. */
  readonly stuckFollow: boolean;
  /** What it stumbles over at the moment. */
  readonly trouble: () => LogTrouble | undefined;
  readonly signal: AbortSignal;
}

/**
 * The kubelet's file reader (cri-client/pkg/logs), opened now and read as it is pulled. `tailLines` counts
 * records, not lines; `since` is inclusive and judges each record. A follow watches for new files only from
 * its first end of file on: a rotation before goes unnoticed, and it stays with the old file. It takes one
 * rotation at a time and opens what is the current file by then: held up over two, it jumps over the file
 * between and reads the current one twice. When the container is not running it ends with the file it
 * is in, be that the current one or not.
 */
export function openLog(log: ContainerLog, query: LogQuery, reading: LogReading): LogReader {
  const printer = createLogPrinter(query, reading.zoneMinutes);
  const { file } = log;
  printer.turnTo(file, Math.max(0, file.records - (query.tailLines ?? file.records)));
  return query.follow ? follow(log, printer, reading) : readOnce(printer, query, reading.signal);
}

type LogReader = AsyncGenerator<Uint8Array | string>;

async function* readOnce(
  printer: LogPrinter,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (query.tailLines === 0) return;
  for (let piece = printer.print(); piece !== undefined; piece = printer.print()) {
    yield piece;
    if (signal.aborted) return;
  }
}

async function* follow(log: ContainerLog, printer: LogPrinter, reading: LogReading): LogReader {
  const { signal } = reading;
  using watched = watchFiles(log, signal);
  let missing = reading.stuckFollow ? 1 : 0;
  let watches = false;
  let ending = false;
  while (!signal.aborted) {
    const piece = printer.print();
    if (piece !== undefined) {
      watched.heldUp = true;
      yield piece;
      watched.heldUp = false;
      continue;
    }
    if (printer.full || ending) return;
    if (!watches) {
      if (reading.trouble() === "no-watch") {
        yield "failed to create fsnotify watcher: too many open files";
        return;
      }
      watches = true;
      watched.begun.length = 0;
      continue;
    }
    if (!log.running) ending = true;
    else if (watched.begun.length === 0) await watched.changed();
    else {
      const begun = watched.begun.shift();
      if (missing > 0) missing -= 1;
      else printer.turnTo(begun ?? log.file, 0);
    }
  }
}

interface WatchedFiles extends Disposable {
  /** The reader waits for who takes its bytes. */
  heldUp: boolean;
  /** Files begun and not yet looked at; undefined for one that came while the reader was held up. */
  readonly begun: (LogFile | undefined)[];
  changed(): Promise<void>;
}

/** A reader that keeps up sees every file, however close they follow each other: time here is short. */
function watchFiles(log: ContainerLog, signal: AbortSignal): WatchedFiles {
  let wake: () => void = nothing;
  const end = log.watch((file) => {
    if (file !== undefined) watched.begun.push(watched.heldUp ? undefined : file);
    wake();
  });
  const abort = (): void => wake();
  signal.addEventListener("abort", abort, { once: true });
  const watched: WatchedFiles = {
    heldUp: false,
    begun: [],
    changed: () => new Promise((resolve) => (wake = resolve)),
    [Symbol.dispose]: () => {
      end();
      signal.removeEventListener("abort", abort);
    },
  };
  return watched;
}

function nothing(): void {}
