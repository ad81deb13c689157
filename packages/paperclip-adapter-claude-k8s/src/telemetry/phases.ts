import type { RunPhase } from "@claude-k8s/job-watch";
import type { RunHistory, RunStep, Stretch } from "../run/history.ts";

/** What a run spends its time on: its own steps, and in the place of following its Job the Job's phases. */
export type Phase = Exclude<RunStep, "follow"> | "schedule" | "pull" | "start" | "run" | "settle";

const phaseOf: Readonly<Record<RunPhase, Phase>> = {
  queued: "schedule",
  scheduling: "schedule",
  pulling: "pull",
  starting: "start",
  running: "run",
  // The program has ended; that it has, and that its log is whole, is yet to be proved.
  ending: "settle",
};

/** The phases of one attempt, in order; one may come again. Times as the history has them. Pure. */
export function phasesOf({
  steps,
  stretches,
}: Pick<RunHistory, "steps" | "stretches">): Stretch<Phase>[] {
  return joined(
    steps.flatMap(({ name, from, to }) =>
      name === "follow" ? within(stretches, from, to) : [{ name, from, to }],
    ),
  );
}

/** What of the Job's phases lies between the two times: from then on the run is about something else. */
function within(
  stretches: readonly Stretch<RunPhase>[],
  from: number,
  to: number,
): Stretch<Phase>[] {
  return stretches
    .filter((stretch) => stretch.from < to && stretch.to >= from)
    .map((stretch) => ({
      name: phaseOf[stretch.name],
      from: Math.max(from, stretch.from),
      to: Math.min(to, stretch.to),
    }));
}

/** Neighbours of one name are one. */
function joined(phases: readonly Stretch<Phase>[]): Stretch<Phase>[] {
  const all: Stretch<Phase>[] = [];
  for (const phase of phases) {
    const last = all.at(-1);
    if (last?.name === phase.name) all.splice(-1, 1, { ...last, to: phase.to });
    else all.push(phase);
  }
  return all;
}

/** Phases that say something of a cluster when many runs are looked at; the others are in the traces. */
const measuredPhases = ["admit", "schedule", "pull", "start", "run", "settle"] as const;

export type MeasuredPhase = Extract<Phase, (typeof measuredPhases)[number]>;

/**
 * How long each measured phase lasted in all, in seconds. Left out: what was not seen, and of an adopted Job the
 * phases of which this run has not seen the begin. Pure.
 */
export function measured(
  phases: readonly Stretch<Phase>[],
  { isAdopted }: { readonly isAdopted: boolean },
): ReadonlyMap<MeasuredPhase, number> {
  const seconds = new Map<MeasuredPhase, number>();
  for (const name of measuredPhases) {
    const seen = phases.filter((phase) => phase.name === name);
    const isWhole = !isAdopted || name === "admit" || name === "settle";
    if (seen.length > 0 && isWhole)
      seconds.set(name, seen.reduce((sum, { from, to }) => sum + (to - from), 0) / 1_000);
  }
  return seconds;
}
