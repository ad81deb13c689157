import type { LogLine } from "@claude-k8s/log-stream";

/** How far the host's copy of a log goes: the time of its last line, and how many lines carry that time. */
export interface Position {
  readonly time: string;
  readonly count: number;
}

export function after(position: Position | undefined, { time }: LogLine): Position | undefined {
  if (time === undefined) return position;
  return position?.time === time ? { time, count: position.count + 1 } : { time, count: 1 };
}

/** Reads a stored position; one that is damaged is as good as none. */
export function parsePosition(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const [, time, count] = /^(\S+) (\d+)$/.exec(text) ?? [];
  return time === undefined || Number.isNaN(Date.parse(time))
    ? undefined
    : { time, count: Number(count) };
}

export function positionText({ time, count }: Position): string {
  return `${time} ${count}`;
}

/** Drops the lines that the host has already; asked once per line, in order. */
export function unseenBy(stored: Position | undefined): (line: LogLine) => boolean {
  if (stored === undefined) return () => true;
  const last = nanoseconds(stored.time);
  let left = stored.count;
  return ({ time }) => {
    if (time === undefined) return true;
    const at = nanoseconds(time);
    if (at === last && left > 0) {
      left -= 1;
      return false;
    }
    return at >= last;
  };
}

/** RFC 3339 with up to nine digits of a second, which `Date` would cut to three. */
function nanoseconds(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const seconds = Math.floor(Date.parse(time) / 1_000);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}
