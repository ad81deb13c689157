/** A time of the node's clock: whole seconds since the epoch, and the nanoseconds beside them. */
export interface LogTime {
  readonly seconds: number;
  readonly nanos: number;
}

/**
 * A run of records. Their bytes lie behind one another as a read without timestamps prints them: a
 * full record with its newline, a partial one without.
 */
export interface LogBlock {
  readonly bytes: Buffer;
  used: number;
  /** Where each record begins. */
  readonly starts: number[];
  readonly seconds: number[];
  readonly nanos: number[];
}

/**
 * One log file of a container, with the records that the CRI writes: `time stream P|F content`. It only
 * grows, so what was read of it may be kept. Whoever reads it keeps it, rotated or not.
 */
export interface LogFile {
  readonly blocks: readonly LogBlock[];
  /** Records in all blocks. */
  readonly records: number;
  /** As it would be on the node's disk, in bytes. */
  readonly size: number;
  add(time: LogTime, content: Uint8Array, full: boolean): void;
}

/** `2026-01-02T03:04:05.123456789Z stdout F ` and the newline. */
const frameBytes = 41;
const smallestBlock = 4 * 1024;
const largestBlock = 256 * 1024;

export function createLogFile(): LogFile {
  const blocks: LogBlock[] = [];
  let records = 0;
  let size = 0;
  const blockFor = (length: number): LogBlock => {
    const last = blocks.at(-1);
    if (last !== undefined && last.bytes.length - last.used >= length) return last;
    const grown =
      last === undefined ? smallestBlock : Math.min(last.bytes.length * 4, largestBlock);
    const block: LogBlock = {
      bytes: Buffer.allocUnsafeSlow(Math.max(grown, length)),
      used: 0,
      starts: [],
      seconds: [],
      nanos: [],
    };
    blocks.push(block);
    return block;
  };
  return {
    blocks,
    get records() {
      return records;
    },
    get size() {
      return size;
    },
    add: (time, content, full) => {
      const length = full ? content.length + 1 : content.length;
      const block = blockFor(length);
      block.starts.push(block.used);
      block.seconds.push(time.seconds);
      block.nanos.push(time.nanos);
      block.bytes.set(content, block.used);
      block.used += length;
      if (full) block.bytes[block.used - 1] = newline;
      records += 1;
      size += content.length + frameBytes;
    },
  };
}

export const newline = 0x0a;
