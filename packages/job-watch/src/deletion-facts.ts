import { finalOf } from "./facts.ts";
import type { JobLevel } from "./level.ts";

/** Suspending a Job deletes its pods. */
export const suspendedFact = "Job: suspended";

/** That the Job was deleted, and by whom, as far as anything says so: the API server keeps no record of it. */
export function deletionFacts({ job, lastJob }: JobLevel): readonly string[] {
  const fact = job === "gone" ? "Job: deleted, and gone" : "Job: is being deleted";
  const last = job === "gone" || job === undefined ? lastJob : job;
  if (last === undefined) return [fact];
  const { annotations, finalizers, ttlSeconds } = last;
  const asked = annotations?.["claude-k8s/cancel-requested"];
  const facts = [fact];
  if (asked !== undefined) facts.push(`Job: a stop was asked for at ${asked}`);
  if (ttlSeconds !== undefined && finalOf(last) !== undefined)
    facts.push(`Job: it had finished, and its ttlSecondsAfterFinished is ${ttlSeconds}`);
  if (finalizers?.includes("orphan") === true) facts.push("Job: deleted without its pods (orphan)");
  return facts;
}
