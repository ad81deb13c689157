import { statusUnknown } from "./container-exit.ts";
import {
  disruptionOf,
  endingOf,
  isDeadline,
  isSuccess,
  jobOf,
  type Terminated,
  terminatedOf,
} from "./facts.ts";
import type { JobLevel } from "./level.ts";
import { deletionFacts, suspendedFact } from "./deletion-facts.ts";
import type { Policy } from "./policy.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import type { ContainerExit, LostWhy } from "./types.ts";
import { end, endUnsure, podFact, type Verdict, waitFor } from "./verdict.ts";

/** The container has terminated: with the runtime's proof, without it, or lost by the kubelet. */
export function judgeExit(level: JobLevel, policy: Policy): Verdict | undefined {
  const terminated = terminatedOf(level);
  const { pod } = level;
  if (terminated === undefined || pod === undefined) return undefined;
  if (terminated.exit.reason === statusUnknown) {
    const why = lostWhy(pod) ?? "node";
    const fact = podFact(pod, "the kubelet has lost the container; its exit is unknown");
    return end({ kind: "lost", why, exit: terminated.exit }, [fact, ...disruptionFacts(pod)]);
  }
  return terminated.proven
    ? proven(level, pod, terminated, policy)
    : weak(level, pod, terminated, policy);
}

/** The exit stands. What is left to tell is whether the program ended of itself. */
function proven(level: JobLevel, pod: PodSnapshot, { exit }: Terminated, policy: Policy): Verdict {
  const fact = exitFact(pod, exit);
  if (!wasKilled(exit)) return end({ kind: "exited", exit }, [fact]);
  const job = jobOf(level);
  const ending = endingOf(job);
  if (ending !== undefined && isDeadline(ending))
    return end({ kind: "deadline", exit }, [fact, `Job: ${ending.type} DeadlineExceeded`]);
  if (level.job === "gone" || job?.deleting === true)
    return end({ kind: "deleted", exit }, [fact, ...deletionFacts(level)]);
  const why = lostWhy(pod);
  if (why !== undefined) return end({ kind: "lost", why, exit }, [fact, ...disruptionFacts(pod)]);
  if (!pod.deleting) return end({ kind: "exited", exit }, [fact]);
  const facts = [fact, podFact(pod, "is being deleted")];
  if (job?.suspended === true)
    return end({ kind: "lost", why: "pod-deleted", exit }, [...facts, suspendedFact]);
  const what = { kind: "lost", why: "pod-deleted", exit } as const;
  // The Job counts a deleted pod as failed; had it deleted the pod itself, it would say why.
  if (ending !== undefined) return end(what, facts);
  // The Job's word on who deletes the pod, and why, comes by another watch. It was written before
  // the program could end, so it is on its way.
  const untilMs = (level.since.terminated ?? 0) + policy.podGraceMs;
  return waitFor(untilMs, what, { facts, sure: true });
}

/** No proof: the Job's condition decides, or that none came in the time a healthy cluster needs many times over. */
function weak(level: JobLevel, pod: PodSnapshot, { exit }: Terminated, policy: Policy): Verdict {
  const fact = `${exitFact(pod, exit)}, without the runtime's proof`;
  const ending = endingOf(jobOf(level));
  if (ending !== undefined) {
    const facts = [fact, `Job: ${ending.type} ${ending.reason ?? ""}`.trim()];
    if (!isSuccess(ending) && isDeadline(ending)) return end({ kind: "deadline", exit }, facts);
    return end({ kind: "exited", exit }, facts);
  }
  if (level.job === "gone") return end({ kind: "deleted", exit }, [fact, ...deletionFacts(level)]);
  const why = lostWhy(pod);
  if (why !== undefined) return end({ kind: "lost", why, exit }, [fact, ...disruptionFacts(pod)]);
  if (pod.phase === "Failed" || pod.phase === "Succeeded") {
    // A terminal phase: nothing in this pod runs, or will.
    const facts = [fact, podFact(pod, `phase ${pod.phase}`)];
    return endUnsure({ kind: "exited", exit }, facts);
  }
  const untilMs = (level.since.terminated ?? 0) + policy.conditionGraceMs;
  const facts = [
    fact,
    `policy: the Job's condition did not come within ${policy.conditionGraceMs} ms`,
  ];
  return waitFor(untilMs, { kind: "exited", exit }, { facts, sure: false });
}

/** Ended by SIGTERM or SIGKILL, as everything that takes a pod away does, and not for its memory. */
function wasKilled({ signal, oom }: ContainerExit): boolean {
  return oom === undefined && (signal === "SIGTERM" || signal === "SIGKILL");
}

/** What took the pod away, from the condition, or from the kubelet's reason on its own evictions. */
export function lostWhy(pod: PodSnapshot): LostWhy | undefined {
  const disruption = disruptionOf(pod);
  switch (disruption?.reason) {
    case "PreemptionByScheduler":
      return "preempted";
    case "DeletionByTaintManager":
    case "DeletionByPodGC":
      return "node";
    case undefined:
      break;
    case "TerminationByKubelet":
    default:
      return pod.reason === "Terminated" || pod.reason === "NodeShutdown" ? "node" : "evicted";
  }
  if (pod.reason === "Evicted") return "evicted";
  if (pod.reason === "Preempting") return "preempted";
  const nodeReasons = ["NodeLost", "Terminated", "NodeShutdown", "Shutdown"];
  return nodeReasons.includes(pod.reason ?? "") ? "node" : undefined;
}

export function disruptionFacts(pod: PodSnapshot): string[] {
  const disruption = disruptionOf(pod);
  if (disruption !== undefined)
    return [
      podFact(pod, `DisruptionTarget ${disruption.reason ?? ""}: ${disruption.message ?? ""}`),
    ];
  return pod.reason === undefined ? [] : [podFact(pod, `${pod.reason}: ${pod.message ?? ""}`)];
}

function exitFact(pod: PodSnapshot, { container, code, reason }: ContainerExit): string {
  return podFact(
    pod,
    `container ${container} terminated, code ${code ?? "unknown"}, ${reason ?? "no reason"}`,
  );
}
