import type { LogLine } from "@claude-k8s/log-stream";

/** How far the host's copy of a log goes: by the times of its lines, and by their number. */
export interface Position {
  /** Of its last line, and how many of its last lines carry it. */
  readonly time: string;
  readonly count: number;
  /** How many lines it has in all, and the time of the first; 0 and absent where that is not known. */
  readonly lines: number;
  readonly first?: string;
}

export function after(
  position: Position | undefined,
  { time }: Pick<LogLine, "time">,
): Position | undefined {
  if (time === undefined) return position;
  const count = position?.time === time ? position.count + 1 : 1;
  if (position === undefined) return { time, count, lines: 1, first: time };
  const { lines, first } = position;
  const all = lines === 0 ? 0 : lines + 1;
  return { time, count, lines: all, ...(first === undefined ? {} : { first }) };
}

/** Reads a stored position; one that is damaged is as good as none. */
export function parsePosition(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const [, time, count, lines, first] = /^(\S+) (\d+)(?: (\d+) (\S+))?$/.exec(text) ?? [];
  if (time === undefined || Number.isNaN(Date.parse(time))) return undefined;
  if (first === undefined || Number.isNaN(Date.parse(first)))
    return { time, count: Number(count), lines: 0 };
  return { time, count: Number(count), lines: Number(lines), first };
}

export function positionText({ time, count, lines, first }: Position): string {
  return first === undefined ? `${time} ${count}` : `${time} ${count} ${lines} ${first}`;
}

/** Tells, line by line as the log is read again from its start, what the host does not have yet. */
export interface Rereading {
  /** Asked once per line, in order. */
  readonly isNew: (line: LogLine) => boolean;
  /** True once it shows that lines which the host has are not in the log any more: it was rotated. */
  readonly isPartial: () => boolean;
}

/**
 * A log that still begins with the line it began with is counted, for a clock that was set back makes its times
 * say nothing. One that was rotated meanwhile is compared by time.
 */
export function unseenBy(stored: Position | undefined): Rereading {
  if (stored === undefined) return { isNew: () => true, isPartial: () => false };
  const last = nanoseconds(stored.time);
  let left = stored.count;
  let read = 0;
  let isWhole: boolean | undefined;
  const isLater = (time: string): boolean => {
    const at = nanoseconds(time);
    if (at === last && left > 0) {
      left -= 1;
      return false;
    }
    return at >= last;
  };
  return {
    isNew({ time }) {
      if (time === undefined) return true;
      read += 1;
      isWhole ??= stored.lines > 0 && time === stored.first;
      return isWhole ? read > stored.lines : isLater(time);
    },
    isPartial: () => isWhole === false && stored.lines > 0,
  };
}

/** RFC 3339 with up to nine digits of a second, which `Date` would cut to three. */
function nanoseconds(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const seconds = Math.floor(Date.parse(time) / 1_000);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}
