import { stopped } from "./classify-stopped.ts";
import { ended } from "./classify-ended.ts";
import { fault } from "./classify-fault.ts";
import { notStarted, type Outcome } from "./outcome.ts";
import type { RunEnd, RunEvidence } from "./model.ts";

/**
 * From evidence to what the host is told. Pure; every kind of end has its table, first match wins:
 * `classify-fault`, `classify-stopped`, `classify-ended`.
 *
 * Without a result of `claude`, nothing is a success, and an exit code that is not known is never read as 0.
 */
export function classify(evidence: RunEvidence): Outcome {
  const { end } = evidence;
  switch (end.kind) {
    case "fault":
      return fault(end.stage, end.error, end.left);
    case "blocked":
      return blocked(end);
    case "no-pod":
      return notStarted(
        "k8s_pod_reattach_failed",
        `The Job ${end.job} left behind has no pod to follow`,
      );
    case "stopped":
      return stopped(end, evidence);
    case "ended":
      return ended(end, evidence);
    default:
      return end satisfies never;
  }
}

/** What each answer of the guard means to the host. Nothing was started in any of them. */
function blocked({ reason, jobs, namespace }: Extract<RunEnd, { kind: "blocked" }>): Outcome {
  const which = `${jobs.length === 1 ? "Job" : "Jobs"} ${jobs.join(", ")}`;
  const command = (verb: string): string =>
    `claude-k8s ${verb} ${jobs[0] ?? "RUN"} --all-namespaces`;
  const freed = `; to free it: ${command("adopt")} reads it to its end, ${command("stop")} ends it`;
  const concurrent = "k8s_concurrent_run_blocked";
  switch (reason) {
    case "same-run-active":
    case "concurrent":
    case "several-active":
      return notStarted(
        concurrent,
        `A run is still running for this agent: ${which}; to end it: ${command("stop")}`,
      );
    case "other-namespace":
      return notStarted(
        concurrent,
        `A run of this agent still has its Job in the namespace ${namespace}: ${which}${freed}`,
      );
    case "being-stopped":
      return notStarted(
        concurrent,
        `An earlier run of this agent is still being stopped: ${which}; to finish it: ${command("stop")}`,
      );
    case "supervision-unknown":
      return notStarted(
        concurrent,
        `It does not show yet whether another server still follows a run of this agent: ${which}; to see: claude-k8s list --all-namespaces --observe`,
      );
    case "reattach-disabled":
      return notStarted(
        concurrent,
        `A Job left behind is running and reattach disabled: ${which}${freed}`,
      );
    case "other-task":
      return notStarted(
        concurrent,
        `A Job left behind works on a different task: ${which}${freed}`,
      );
    case "task-unknown":
      return notStarted(
        "k8s_orphan_task_unknown",
        `A Job left behind cannot be matched to this run, for the task of one of them is not known: ${which}${freed}`,
      );
    case "other-session":
      return notStarted(
        "k8s_orphan_session_mismatch",
        `A Job left behind has a mismatched session: ${which}${freed}`,
      );
    default:
      return reason satisfies never;
  }
}
