import { endingOf, isDeadline, jobOf } from "./facts.ts";
import { disruptionFacts, lostWhy } from "./judge-exit.ts";
import type { JobLevel } from "./level.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import { end, podFact, type Verdict } from "./verdict.ts";

/**
 * The pod's own word on its end goes before its Job's, which only counts it: an init container that
 * failed, a node that refused it or lost it. A Job that takes its pod away knows better.
 */
export function judgeFailedPod(level: JobLevel): Verdict | undefined {
  const { pod } = level;
  const job = jobOf(level);
  const ending = endingOf(job);
  if (pod === undefined || level.job === "gone" || job?.deleting === true) return undefined;
  if (ending !== undefined && isDeadline(ending)) return undefined;
  if (pod.phase !== "Failed" || pod.deleting) return undefined;
  return failedInit(pod) ?? failed(level, pod);
}

/** An init container that failed for good; its name and code. */
export function failedInit(pod: PodSnapshot): Verdict | undefined {
  // With any other policy the kubelet runs it again.
  if ((pod.restartPolicy ?? "Never") !== "Never") return undefined;
  for (const { name, state } of pod.initContainers) {
    if (state.kind !== "terminated" || state.exit.code === 0) continue;
    const { code, reason = "Error", message } = state.exit;
    const words = `init container ${name} exited with code ${code ?? "unknown"}`;
    return end(
      {
        kind: "not-started",
        why: "init",
        reason,
        message: message === undefined ? words : `${words}: ${message}`,
        init: state.exit,
      },
      [podFact(pod, words)],
    );
  }
  return undefined;
}

/** Phase `Failed` and no exit of the container: an init container failed, the node refused the pod, or lost it. */
export function failed(level: JobLevel, pod: PodSnapshot): Verdict | undefined {
  const why = lostWhy(pod);
  if (why !== undefined) return end({ kind: "lost", why }, disruptionFacts(pod));
  const fact = podFact(pod, `phase Failed, ${pod.reason ?? "no reason"}`);
  if (level.hasRun) return end({ kind: "lost", why: "node" }, [fact]);
  // Left to the start's row, which names the container.
  if (pod.initContainers.some(({ state }) => state.kind === "terminated" && state.exit.code !== 0))
    return undefined;
  const { reason = "Failed", message = "" } = pod;
  return end({ kind: "not-started", why: "admission", reason, message }, [fact]);
}
