import { createLogFile, newline, type LogFile, type LogTime } from "./log-file.ts";

type Stream = "stdout" | "stderr";

/** The log of one container: the file that is written now, and word of the changes. */
export interface ContainerLog {
  append(stream: Stream, data: Uint8Array): void;
  /** The container exited: what is held back becomes a record without newline. */
  flush(): void;
  /** The runtime says EXITED: follows end at the end of the file they read. */
  end(): void;
  /** Begins a new file. The one before is only read by who reads it already. */
  rotate(): void;
  /** The runtime's word. */
  readonly running: boolean;
  /** What a new request reads. */
  readonly file: LogFile;
  /** Calls back, at once, when any of this changed; with the new file when one was begun. Returns what ends it. */
  watch(listener: (begun?: LogFile) => void): () => void;
}

/** containerd's `max_container_log_line_size`. Bytes, so a cut may fall inside a character. */
const maxRecordBytes = 16 * 1024;
/**
 * It reads an unfinished line in pieces of its buffer's size, and writes a record when the piece behind it is
 * there (`defaultBufSize` of its logger; measured).
 */
const readBytes = 4 * 1024;

/** Cuts a container's output into records, stamps them, and rotates a file that is over `maxBytes`. */
export function createContainerLog(maxBytes: number, stamp: () => LogTime): ContainerLog {
  let file = createLogFile();
  let running = true;
  const held = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  const listeners = new Set<(begun?: LogFile) => void>();
  const tell = (begun?: LogFile): void => {
    for (const listener of listeners) listener(begun);
  };
  const rotate = (): void => {
    file = createLogFile();
    tell(file);
  };
  const push = (content: Uint8Array, full: boolean): void => {
    if (file.size > maxBytes) rotate();
    file.add(stamp(), content, full);
  };

  return {
    append: (stream, data) => {
      const rest = held[stream].length === 0 ? data : concat(held[stream], data);
      let from = 0;
      let found = rest.indexOf(newline);
      for (;;) {
        const end = found === -1 ? rest.length : found;
        const splits =
          found === -1 ? end - from >= maxRecordBytes + readBytes : end - from > maxRecordBytes;
        if (splits) {
          push(rest.subarray(from, from + maxRecordBytes), false);
          from += maxRecordBytes;
        } else if (found === -1) {
          break;
        } else {
          // containerd drops the carriage return of a Windows line end.
          const returned = end > from && rest[end - 1] === carriageReturn;
          push(rest.subarray(from, returned ? end - 1 : end), true);
          from = end + 1;
          found = rest.indexOf(newline, from);
        }
      }
      // A copy: what was written is the program's own again.
      held[stream] = new Uint8Array(rest.subarray(from));
      tell();
    },
    flush: () => {
      for (const stream of ["stdout", "stderr"] as const) {
        const rest = held[stream];
        for (let from = 0; from < rest.length; from += maxRecordBytes)
          push(rest.subarray(from, from + maxRecordBytes), false);
        held[stream] = new Uint8Array();
      }
      tell();
    },
    end: () => {
      running = false;
      tell();
    },
    rotate,
    get running() {
      return running;
    },
    get file() {
      return file;
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const carriageReturn = 0x0d;

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
