import { endingOf, finalOf, isDeadline, isSuccess, jobOf } from "./facts.ts";
import { disruptionFacts, lostWhy } from "./judge-exit.ts";
import { graceOf } from "./grace-of.ts";
import type { JobLevel } from "./level.ts";
import { deletionFacts, suspendedFact } from "./deletion-facts.ts";
import type { Policy } from "./policy.ts";
import { failed } from "./judge-failed-pod.ts";
import type { Condition, PodSnapshot } from "./snapshot-types.ts";
import { startProblem, unschedulable } from "./start-problem.ts";
import { end, podFact, type Verdict, waitFor } from "./verdict.ts";

/** The Job says how it ends, and its pod has not said so yet: the pod gets a moment, for its exit tells more. */
export function judgeJob(level: JobLevel, policy: Policy): Verdict | undefined {
  const job = jobOf(level);
  const ending = endingOf(job);
  if (ending === undefined) return undefined;
  const facts = [`Job: ${ending.type} ${ending.reason ?? ""}`.trim()];
  const what = byCondition(level, policy, ending);
  const { pod, podGone, since } = level;
  if (podGone && pod !== undefined)
    return end(what, [
      ...facts,
      podFact(pod, "deleted, and gone; its exit was not seen"),
      ...disruptionFacts(pod),
    ]);
  // Without a node nothing of it runs, and it has no more to say.
  if (pod !== undefined && pod.node === undefined && unschedulable(pod) !== undefined)
    return end(what, facts);
  if (pod === undefined || finalOf(job) !== undefined)
    return waitFor((since.jobEnded ?? since.jobEnding ?? 0) + policy.podGraceMs, what, {
      facts,
      sure: true,
    });
  // Before the terminal condition the pod may still use its termination grace period.
  const untilMs = (since.jobEnding ?? 0) + graceOf(pod) + policy.podGraceMs;
  // A pod on a lost node is counted as failed, and may run on.
  const sure = !(what.kind === "lost" && what.why === "node");
  return waitFor(untilMs, what, { facts: [...facts, ...disruptionFacts(pod)], sure });
}

function byCondition(level: JobLevel, policy: Policy, ending: Condition) {
  const { pod, container, hasRun } = level;
  if (isSuccess(ending)) return { kind: "exited", exit: { container, code: 0 } } as const;
  if (isDeadline(ending)) {
    const problem = hasRun ? undefined : startProblem(level, policy);
    // A program that was not seen running may have run all the same: only a problem speaks against it.
    if (problem === undefined) return { kind: "deadline" } as const;
    const { reason, message } = problem;
    return { kind: "not-started", why: "deadline", reason, message } as const;
  }
  return { kind: "lost", why: (pod && lostWhy(pod)) ?? "pod-deleted" } as const;
}

/** The Job, or its pod, is no more, or the pod has failed without a word from its container. */
export function judgeGone(level: JobLevel, policy: Policy): Verdict | undefined {
  const { pod, podGone, since } = level;
  const job = jobOf(level);
  const hasPod = pod !== undefined && !podGone;
  if (level.job === "gone") {
    if (!hasPod) return end({ kind: "deleted" }, deletionFacts(level));
    // An orphaned pod goes on: then the Job has ended, and its program has not.
    const fact = pod.deleting ? "has not said how it ended" : "was left, and may run on";
    const facts = [...deletionFacts(level), podFact(pod, fact)];
    const graceMs = pod.deleting ? graceOf(pod) : 0;
    const untilMs = (since.jobGone ?? 0) + graceMs + policy.podGraceMs;
    return waitFor(untilMs, { kind: "deleted" }, { facts, sure: pod.deleting });
  }
  if (podGone && pod !== undefined) return vanished(level, pod, policy);
  if (pod?.phase === "Failed") return failed(level, pod);
  if (job?.deleting === true) return { kind: "wait" };
  return undefined;
}

function vanished(level: JobLevel, pod: PodSnapshot, policy: Policy): Verdict {
  const fact = podFact(pod, "gone, its exit was not seen");
  if (jobOf(level)?.deleting === true)
    return end({ kind: "deleted" }, [fact, ...deletionFacts(level)]);
  if (jobOf(level)?.suspended === true)
    return level.hasRun
      ? end({ kind: "lost", why: "pod-deleted" }, [fact, suspendedFact])
      : { kind: "wait" };
  const why = lostWhy(pod);
  if (why !== undefined) return end({ kind: "lost", why }, [fact, ...disruptionFacts(pod)]);
  const untilMs = (level.since.podGone ?? 0) + policy.podGraceMs;
  return waitFor(untilMs, { kind: "lost", why: "pod-deleted" }, { facts: [fact], sure: true });
}
