import type { LogTime } from "./log-file.ts";

/** The clock that a node stamps log records with. */
export interface LogClock {
  /** Moves it, forward or back. */
  step(ms: number): void;
  /** Milliseconds since the epoch, as the node believes. */
  now(): number;
  /** A source of times for one container. */
  stamps(): () => LogTime;
}

/**
 * Times of one container are a nanosecond apart at least, as they are on Linux, unless the clock steps in
 * grains (in milliseconds; Windows has 0.5 to 15): then records share times.
 */
export function createLogClock(now: () => number, grainMs: number): LogClock {
  let offset = 0;
  return {
    step: (ms) => (offset += ms),
    now: () => now() + offset,
    stamps: () => {
      let last: LogTime = { seconds: 0, nanos: 0 };
      let lastOffset = offset;
      return () => {
        const ms = now() + offset;
        let time = timeOf(grainMs === 0 ? ms : Math.floor(ms / grainMs) * grainMs);
        if (grainMs === 0 && offset === lastOffset && !isBefore(last, time)) time = after(last);
        lastOffset = offset;
        last = time;
        return time;
      };
    },
  };
}

/** Milliseconds since the epoch as a time. */
export function timeOf(ms: number): LogTime {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.floor((ms - seconds * 1000) * 1e6) };
}

export function isBefore(one: LogTime, other: LogTime): boolean {
  return one.seconds === other.seconds ? one.nanos < other.nanos : one.seconds < other.seconds;
}

function after({ seconds, nanos }: LogTime): LogTime {
  return nanos === 999_999_999 ? { seconds: seconds + 1, nanos: 0 } : { seconds, nanos: nanos + 1 };
}
