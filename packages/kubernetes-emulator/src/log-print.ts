import { isBefore } from "./log-clock.ts";
import { newline, type LogBlock, type LogFile, type LogTime } from "./log-file.ts";

/** How a log request wants its records printed. */
export interface PrintQuery {
  readonly timestamps: boolean;
  /** Records before it are left out, one by one. */
  readonly since?: LogTime;
  readonly limitBytes?: number;
}

/** Prints the records of files, one after the other, to where they end now. */
export interface LogPrinter {
  /** Starts at a record of a file; a timestamp is due only where what came before ended in a newline. */
  turnTo(file: LogFile, record: number): void;
  /** The next bytes of the file, or undefined at its end. */
  print(): Uint8Array | undefined;
  /** `limitBytes` are printed. */
  readonly full: boolean;
}

const pieceBytes = 64 * 1024;
/** A record with its timestamp. */
const largestPrint = 17 * 1024;

export function createLogPrinter(query: PrintQuery, zoneMinutes: number): LogPrinter {
  const writeTime = createTimeWriter(zoneMinutes);
  const plain = !query.timestamps && query.since === undefined;
  let left = query.limitBytes ?? Infinity;
  let atLineStart = true;
  let file: LogFile | undefined;
  let blockIndex = 0;
  let index = 0;

  /** Without timestamps a block's bytes are what is printed: no copy. */
  const printPlain = (block: LogBlock): Uint8Array => {
    const start = block.starts[index] ?? block.used;
    index = block.starts.length;
    return block.bytes.subarray(start, block.used);
  };
  const printRecords = (block: LogBlock): Uint8Array => {
    const out = Buffer.allocUnsafe(pieceBytes + largestPrint);
    let length = 0;
    for (; index < block.starts.length && length < pieceBytes; index += 1) {
      const seconds = block.seconds[index] ?? 0;
      const nanos = block.nanos[index] ?? 0;
      const start = block.starts[index] ?? 0;
      const end = block.starts[index + 1] ?? block.used;
      const wasLineStart = atLineStart;
      // Also of a record that is left out: the rest of its line comes without timestamp.
      atLineStart = block.bytes[end - 1] === newline;
      if (query.since !== undefined && isBefore({ seconds, nanos }, query.since)) continue;
      if (query.timestamps && wasLineStart) length = writeTime(out, length, { seconds, nanos });
      length += block.bytes.copy(out, length, start, end);
    }
    return out.subarray(0, length);
  };
  const print = (): Uint8Array | undefined => {
    for (;;) {
      const block = file?.blocks[blockIndex];
      if (block === undefined || left <= 0) return undefined;
      if (index >= block.starts.length) {
        if (file?.blocks[blockIndex + 1] === undefined) return undefined;
        blockIndex += 1;
        index = 0;
        continue;
      }
      const piece = plain ? printPlain(block) : printRecords(block);
      if (piece.length === 0) continue;
      const printed = piece.length > left ? piece.subarray(0, left) : piece;
      left -= printed.length;
      return printed;
    }
  };
  return {
    turnTo: (next, record) => {
      file = next;
      blockIndex = 0;
      index = record;
      for (const { starts } of next.blocks) {
        if (index < starts.length || next.blocks[blockIndex + 1] === undefined) break;
        index -= starts.length;
        blockIndex += 1;
      }
    },
    print,
    get full() {
      return left <= 0;
    },
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

type WriteTime = (out: Buffer, offset: number, time: LogTime) => number;

/** RFC 3339 with nine digits in the node's zone, and a space; returns the offset behind it. */
function createTimeWriter(zoneMinutes: number): WriteTime {
  const sign = zoneMinutes < 0 ? "-" : "+";
  const distance = Math.abs(zoneMinutes);
  const zone =
    zoneMinutes === 0 ? "Z " : `${sign}${two(Math.floor(distance / 60))}:${two(distance % 60)} `;
  let known = Number.NaN;
  let text = "";
  return (out, offset, { seconds, nanos }) => {
    if (seconds !== known) {
      known = seconds;
      text = new Date((seconds + zoneMinutes * 60) * 1000).toISOString().slice(0, 20);
    }
    const digits = offset + out.write(text, offset, "latin1");
    let rest = nanos;
    for (let place = digits + 8; place >= digits; place -= 1) {
      out[place] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return digits + 9 + out.write(zone, digits + 9, "latin1");
  };
}
