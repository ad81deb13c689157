import type { Condition, Job, Pod } from "./kube-object.ts";
import { isEnded } from "./job-pod.ts";

/** Why a Job will end, before it has. */
export interface Verdict {
  readonly interim: "SuccessCriteriaMet" | "FailureTarget";
  readonly terminal: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

/** What the Job controller concludes from a Job's counters and pods. Pure. */
export function jobVerdict(job: Job, pods: readonly Pod[], now: number): Verdict | undefined {
  const interim = job.status.conditions?.find(isInterim);
  if (interim !== undefined) {
    const { reason = "", message = "" } = interim;
    return interim.type === "SuccessCriteriaMet"
      ? { interim: "SuccessCriteriaMet", terminal: "Complete", reason, message }
      : { interim: "FailureTarget", terminal: "Failed", reason, message };
  }
  const { succeeded, failed } = counts(job, pods);
  const { backoffLimit = 6, completions = 1, activeDeadlineSeconds } = job.spec;
  if (failed > backoffLimit) {
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const started = Date.parse(job.status.startTime ?? "");
  if (activeDeadlineSeconds !== undefined && now >= started + activeDeadlineSeconds * 1000) {
    return failure("DeadlineExceeded", "Job was active longer than specified deadline");
  }
  if (succeeded < completions) return undefined;
  return {
    interim: "SuccessCriteriaMet",
    terminal: "Complete",
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
  };
}

/** Counted pods, and those that still carry the finalizer: a deleted pod counts as failed. */
export function counts(job: Job, pods: readonly Pod[]): { succeeded: number; failed: number } {
  const tracked = pods.filter((pod) => (pod.metadata.finalizers?.length ?? 0) > 0);
  const waitsForEnd = job.spec.podReplacementPolicy === "Failed";
  const lost = (pod: Pod): boolean =>
    pod.status.phase === "Failed" ||
    (pod.status.phase !== "Succeeded" &&
      pod.metadata.deletionTimestamp !== undefined &&
      !waitsForEnd);
  return {
    succeeded:
      (job.status.succeeded ?? 0) +
      tracked.filter((pod) => pod.status.phase === "Succeeded").length,
    failed: (job.status.failed ?? 0) + tracked.filter(lost).length,
  };
}

export function isTerminal(condition: Condition): boolean {
  return condition.status === "True" && ["Complete", "Failed"].includes(condition.type);
}

function isInterim(condition: Condition): boolean {
  return (
    condition.status === "True" && ["SuccessCriteriaMet", "FailureTarget"].includes(condition.type)
  );
}

/** Pods that still run or are on their way out. */
export function unfinished(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => !isEnded(pod));
}

function failure(reason: string, message: string): Verdict {
  return { interim: "FailureTarget", terminal: "Failed", reason, message };
}
