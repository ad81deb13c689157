import type { JobLevel } from "./level.ts";
import type { Condition, ContainerSnapshot, JobSnapshot, PodSnapshot } from "./snapshot-types.ts";

/** Questions to a level, each answered in one place. */

export function jobOf({ job }: JobLevel): JobSnapshot | undefined {
  return job === "gone" ? undefined : job;
}

export function mainOf(
  pod: PodSnapshot | undefined,
  container: string,
): ContainerSnapshot | undefined {
  return pod?.containers.find(({ name }) => name === container);
}

export type Terminated = Extract<ContainerSnapshot["state"], { kind: "terminated" }>;

export function terminatedOf({ pod, container }: JobLevel): Terminated | undefined {
  const state = mainOf(pod, container)?.state;
  return state?.kind === "terminated" ? state : undefined;
}

/** Whether the program runs, or ran, in this pod. A pod whose phase says so without naming containers counts. */
export function runsOrRan(pod: PodSnapshot, container: string): boolean {
  const state = mainOf(pod, container)?.state;
  if (state === undefined) return pod.phase === "Running" && pod.containers.length === 0;
  if (state.kind === "terminated") return state.exit.startedAt !== undefined;
  return state.kind === "running";
}

/** The condition that says how the Job ends: the terminal one, else the interim one (since Kubernetes 1.31 for all Jobs). */
export function endingOf(job: JobSnapshot | undefined): Condition | undefined {
  return finalOf(job) ?? find(job, "FailureTarget") ?? find(job, "SuccessCriteriaMet");
}

export function finalOf(job: JobSnapshot | undefined): Condition | undefined {
  return find(job, "Failed") ?? find(job, "Complete");
}

export function isSuccess({ type }: Condition): boolean {
  return type === "Complete" || type === "SuccessCriteriaMet";
}

export function isDeadline({ reason }: Condition): boolean {
  return reason === "DeadlineExceeded";
}

/** Why the pod was, or is being, taken away, when Kubernetes says so. */
export function disruptionOf(pod: PodSnapshot | undefined): Condition | undefined {
  return pod?.conditions.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
}

function find(job: JobSnapshot | undefined, type: string): Condition | undefined {
  return job?.conditions.find((one) => one.type === type && one.status === "True");
}
