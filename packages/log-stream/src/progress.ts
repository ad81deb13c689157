import { advance, type Position } from "./position.ts";
import { chainHash, type LogRecord, type Stamps } from "./record.ts";

/** How far a follow has come. */
export type Progress = {
  /** Delivered in all. */
  readonly lines: number;
  readonly stamps: Stamps;
  /** Position in a log with timestamps. */
  readonly at: Position | undefined;
  /** In a log without: hash over all lines since the file's start, and how many they are. */
  readonly chain: { readonly hash: string; readonly lines: number } | undefined;
  /** The runtime's id of the container whose log it is, where it is known. */
  readonly containerId: string | undefined;
  /** The last line without newline was delivered: nothing can come after it. */
  readonly ended: boolean;
};

export const atTheStart: Progress = {
  lines: 0,
  stamps: "unknown",
  at: undefined,
  chain: undefined,
  containerId: undefined,
  ended: false,
};

/** The progress once `records` (at least one) have been delivered. */
export function after(progress: Progress, records: readonly LogRecord[]): Progress {
  const lines = progress.lines + records.length;
  if (records[0]?.time !== undefined)
    return { ...progress, lines, stamps: "yes", at: advance(progress.at, records) };
  const { hash, lines: chained } = progress.chain ?? { hash: "", lines: 0 };
  const chain = { hash: records.reduce(chainHash, hash), lines: chained + records.length };
  return { ...progress, lines, stamps: "no", chain };
}

/** The log of another container of the same name begins. */
export function restarted(progress: Progress, containerId: string): Progress {
  return { ...lost(progress), containerId };
}

/** What was delivered cannot be found again: what comes next is taken as a new file. */
export function lost(progress: Progress): Progress {
  return { ...progress, at: undefined, chain: undefined };
}
