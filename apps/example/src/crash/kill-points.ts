import type { KillPoint } from "../proofs/api-gate.ts";

/** What comes again and again, such as renewals, is met so often. */
const timesEach = 3;

/**
 * Every point of a life: before and after each of its calls, and inside of the log's answer. Pure.
 * @param calls of a life that nobody ended, in order
 * @param outputBytes what the program wrote
 */
export function killPoints(calls: readonly string[], outputBytes: number): readonly KillPoint[] {
  const counts = new Map<string, number>();
  return calls.flatMap((call) => {
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    if (nth > timesEach) return [];
    const inside =
      call === "get pods/log" && nth === 1
        ? [0.02, 0.5, 0.98].map((part) => Math.ceil(part * outputBytes))
        : [];
    return (["before", "after", ...inside] as const).map((when) => ({ call, nth, when }));
  });
}

/** So many of them, spread evenly over the life, with another offset for each seed. Pure. */
export function sample<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  if (count >= all.length) return all;
  const step = all.length / count;
  return Array.from(
    { length: count },
    (_, index) => all[Math.floor((index + fraction(seed)) * step)],
  ).filter((one) => one !== undefined);
}

/** From 0 to below 1; neighbouring seeds lie far apart. */
function fraction(seed: number): number {
  return (seed * 0.618_033_988_749_895) % 1;
}

/** For people: `patch jobs (resumed-at)  after`. */
export function pointText({ call, nth, when }: KillPoint): string {
  const count = nth === 1 ? call : `${call} #${nth}`;
  return `${count}, ${typeof when === "number" ? `${when} bytes in` : when}`;
}
