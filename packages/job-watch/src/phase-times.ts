import type { JobEvent, RunPhase } from "./types.ts";

/**
 * How long each phase lasted, in milliseconds, from a run's events: what of a slow start was waiting for a
 * node, pulling, or starting. The last phase lasts until `now` (same clock); phases that were not seen are
 * absent. Pure.
 */
export function phaseTimes(
  events: readonly JobEvent[],
  now: number,
): Partial<Readonly<Record<RunPhase, number>>> {
  const phases = events.flatMap((event) => (event.type === "phase" ? [event] : []));
  const times: Partial<Record<RunPhase, number>> = {};
  phases.forEach(({ phase, at }, index) => {
    const until = phases[index + 1]?.at ?? now;
    times[phase] = (times[phase] ?? 0) + (until - at);
  });
  return times;
}
