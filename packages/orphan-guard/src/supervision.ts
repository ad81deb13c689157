import { annotations } from "./marks.ts";
import type { KnownJob } from "./types.ts";

/** Whether a live process follows a Job. `unknown`: nobody can say yet. */
export type Supervised = boolean | "unknown";

/** The identity that a Job names as its supervisor. */
export function supervisorOf(job: KnownJob): string | undefined {
  const named = job.annotations[annotations.supervisor];
  return named === "" ? undefined : named;
}

/** How often the Job has changed its supervisor; 0 of one that never had any. */
export function epochOf(job: KnownJob): number {
  const epoch = Number(job.annotations[annotations.epoch] ?? 0);
  return Number.isSafeInteger(epoch) ? epoch : 0;
}

/**
 * Whether two reads show one Job under one supervisor. A uid that one of them does not tell is unknown,
 * never another.
 */
export function isSameSupervision(a: KnownJob, b: KnownJob): boolean {
  const sameUid = a.uid === undefined || b.uid === undefined || a.uid === b.uid;
  return sameUid && supervisorOf(a) === supervisorOf(b) && epochOf(a) === epochOf(b);
}
