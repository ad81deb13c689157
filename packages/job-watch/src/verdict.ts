import type { PodSnapshot } from "./snapshot-types.ts";
import type { Evidence, JobEnd } from "./types.ts";

/** What a row of the decision table says. `otherwise`: the end when nothing better came `untilMs`. */
export type Verdict =
  /** `graceOverMs`: by a grace that was over then. */
  | { readonly kind: "end"; readonly end: JobEnd; readonly graceOverMs?: number }
  | { readonly kind: "wait"; readonly untilMs?: number; readonly otherwise?: JobEnd };

type Bare<T> = T extends unknown ? Omit<T, "evidence" | "sure"> : never;

/** A certain end. */
export function end(what: Bare<JobEnd>, facts: readonly string[]): Verdict {
  return { kind: "end", end: { ...what, evidence: facts.map(evidence), sure: true } };
}

/** An end that waits for nothing, and is not proved. */
export function endUnsure(what: Bare<JobEnd>, facts: readonly string[]): Verdict {
  return { kind: "end", end: { ...what, evidence: facts.map(evidence), sure: false } };
}

/** Waits for something better until `untilMs`. An end by a grace is as sure as the caller says. */
export function waitFor(
  untilMs: number,
  what: Bare<JobEnd>,
  { facts, sure }: { readonly facts: readonly string[]; readonly sure: boolean },
): Verdict {
  return { kind: "wait", untilMs, otherwise: { ...what, evidence: facts.map(evidence), sure } };
}

/** A fact begins with the name of its source. */
function evidence(fact: string): Evidence {
  const source = (["pod", "job", "event", "policy"] as const).find((one) =>
    fact.toLowerCase().startsWith(one),
  );
  return { source: source ?? "pod", fact };
}

export function podFact(pod: PodSnapshot, rest: string): string {
  return `pod ${pod.name}: ${rest}`;
}
