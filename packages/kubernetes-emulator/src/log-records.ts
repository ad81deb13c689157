/**
 * One record of a container's log file, as the CRI writes it: `time stream P|F content`. `full` is
 * its F: the line ends here.
 */
export interface LogRecord {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly stream: "stdout" | "stderr";
  readonly full: boolean;
  readonly content: Uint8Array;
}

/** containerd's `max_container_log_line_size`. Bytes, so a cut may fall inside a character. */
const maxRecordBytes = 16 * 1024;

/** The log files of one container: the current one is readable, and the one before it by who follows. */
export interface ContainerLog {
  append(stream: "stdout" | "stderr", data: Uint8Array): void;
  /** The container exited: what is held back becomes a record without newline. */
  flush(): void;
  /** The runtime says EXITED: follows end at the end of the file. */
  end(): void;
  readonly ended: boolean;
  /** Index of the first readable record; records are counted from the container's start. */
  readonly first: number;
  /** Index after the last record. */
  readonly next: number;
  at(index: number): LogRecord | undefined;
  /** Resolves when records were added, the log ended, or the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/**
 * Keeps records in memory. A file over `maxBytes` is rotated: only the current file is read by a
 * new request; a follow that is connected crosses one rotation, and jumps over a second.
 */
export function createContainerLog(maxBytes: number, now: () => number): ContainerLog {
  const records: LogRecord[] = [];
  let dropped = 0;
  let first = 0;
  let bytes = 0;
  let ended = false;
  let lastTime = 0n;
  const held = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
    waiting.clear();
  };

  const push = (stream: "stdout" | "stderr", full: boolean, content: Uint8Array): void => {
    if (bytes > maxBytes) {
      records.splice(0, first - dropped);
      dropped = first;
      first = dropped + records.length;
      bytes = 0;
    }
    const time = BigInt(Math.floor(now() * 1e6));
    lastTime = time > lastTime ? time : lastTime + 1n;
    records.push({ time: lastTime, stream, full, content });
    bytes += content.length + 45;
  };

  return {
    append: (stream, data) => {
      let rest = concat(held[stream], data);
      for (;;) {
        const newline = rest.indexOf(0x0a);
        const end = newline === -1 ? rest.length : newline;
        if (end > maxRecordBytes) {
          push(stream, false, rest.slice(0, maxRecordBytes));
          rest = rest.subarray(maxRecordBytes);
        } else if (newline === -1) {
          break;
        } else {
          push(stream, true, withoutReturn(rest.slice(0, newline)));
          rest = rest.subarray(newline + 1);
        }
      }
      held[stream] = rest.slice();
      wake();
    },
    flush: () => {
      for (const stream of ["stdout", "stderr"] as const) {
        if (held[stream].length > 0) push(stream, false, held[stream]);
        held[stream] = new Uint8Array();
      }
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    get ended() {
      return ended;
    },
    get first() {
      return first;
    },
    get next() {
      return dropped + records.length;
    },
    at: (index) => records[Math.max(index, dropped) - dropped],
    changed: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          signal.removeEventListener("abort", done);
          waiting.delete(done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener("abort", done, { once: true });
      }),
  };
}

/** containerd drops the carriage return of a Windows line end. */
function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 0x0d ? line.slice(0, -1) : line;
}

export function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
