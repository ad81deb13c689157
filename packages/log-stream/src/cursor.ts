/**
 * Where a follower stopped: plain JSON of less than 2 KiB, to be stored and handed to `followLog`
 * as `from`, in this process or another. Its members are no part of the promise.
 */
export type LogCursor = {
  readonly v: 1;
  /** The container it belongs to. */
  readonly pod: string;
  readonly uid?: string;
  readonly container: string;
  /** How many lines were delivered. */
  readonly lines: number;
  /** Position by timestamps; absent before the first line and in logs without timestamps. */
  readonly at?: {
    /** Time of the last line, nanoseconds since the epoch. */
    readonly ns: string;
    /** The same as printed. */
    readonly time: string;
    /** How many delivered lines carry this time, as one block. */
    readonly n: number;
    /** Hash of the line before the block; absent when the block began the log. */
    readonly prev?: string;
    /** Hashes of the last lines, oldest first. */
    readonly ring: readonly string[];
    /** Estimate of the records of the raw file that a tail must hold to show the position. */
    readonly span: number;
  };
  /** Position in a log without timestamps. */
  readonly plain?: { readonly bytes: number; readonly hash: string };
};

/**
 * Reads a cursor that was stored with `JSON.stringify`.
 * @throws LogStreamError `LOG_STREAM_CURSOR_INVALID`, naming what is wrong
 */
export declare function parseCursor(text: string): LogCursor;
