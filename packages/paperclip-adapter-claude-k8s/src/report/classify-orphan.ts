import { decide, type JobLike, knownJob } from "@claude-k8s/orphan-guard";

/** What a run may do with a Job that an earlier one left behind. */
export type OrphanClass =
  | "reattach"
  | "block_task_unknown"
  | "block_task_mismatch"
  | "block_session_mismatch";

/** The guard's table for one Job. Whether the Job has ended is the caller's question, not this one's. */
export function classifyOrphan(
  job: JobLike,
  expected: { readonly taskId: string | null; readonly sessionId: string | null },
): OrphanClass {
  const known = knownJob(job, { namespace: "", name: "" });
  const claim = {
    guardKey: "",
    agentId: "",
    runId: "",
    taskId: expected.taskId ?? undefined,
    sessionId: expected.sessionId ?? undefined,
    allowReattach: true,
  };
  const answer = decide(claim, [{ ...known, ended: undefined }]);
  if (answer.kind !== "blocked") return "reattach";
  switch (answer.reason) {
    case "other-task":
      return "block_task_mismatch";
    case "other-session":
      return "block_session_mismatch";
    case "same-run-active":
    case "concurrent":
    case "being-stopped":
    case "supervision-unknown":
    case "reattach-disabled":
    case "several-active":
    case "other-namespace":
    case "task-unknown":
      return "block_task_unknown";
    default:
      return answer.reason satisfies never;
  }
}
