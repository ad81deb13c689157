import type { ContainerExit, JobEnd, LostWhy, NotStartedWhy } from "./types.ts";

/** An end in one line for a person, with Kubernetes' own words where there are some. */
export function describeEnd(end: JobEnd): string {
  switch (end.kind) {
    case "exited":
      return describeExit(end.exit);
    case "not-started":
      return notStarted[end.why](end.reason, end.message);
    case "deadline":
      return withExit("the Job's deadline (activeDeadlineSeconds) passed", end.exit);
    case "lost":
      return withExit(lost[end.why], end.exit);
    case "deleted":
      return withExit("the Job was deleted", end.exit);
    case "repeated":
    default:
      return "the Job started a second pod: the program ran, or runs, twice";
  }
}

/** A container's exit in one line: `container main exited with code 137 (SIGKILL), OOMKilled: …`. */
export function describeExit({
  container,
  code,
  signal,
  reason,
  message,
  oom,
}: ContainerExit): string {
  const how =
    code === undefined
      ? `container ${container} ended with an unknown exit code`
      : `container ${container} exited with code ${code}${signal === undefined ? "" : ` (${signal})`}`;
  const why = reason === undefined || reason === "Completed" ? "" : `, ${reason}`;
  const limit = oom?.limit === undefined ? "its memory limit" : `its memory limit of ${oom.limit}`;
  const memory = oom === undefined ? "" : `: it used more than ${limit}`;
  const words = message === undefined ? "" : `: ${message.trim()}`;
  return `${how}${why}${memory}${words}`;
}

function withExit(what: string, exit: ContainerExit | undefined): string {
  return exit === undefined ? what : `${what}; ${describeExit(exit)}`;
}

const lost: Readonly<Record<LostWhy, string>> = {
  evicted: "the pod was evicted",
  preempted: "the pod was preempted by one of higher priority",
  node: "the pod's node was lost or shut down",
  "pod-deleted": "the pod was deleted",
};

const notStarted: Readonly<Record<NotStartedWhy, (reason: string, message: string) => string>> = {
  unschedulable: (_reason, message) => `the pod is unschedulable: ${message}`,
  image: (reason, message) => `image pull failed, ${reason}: ${message}`,
  config: (reason, message) =>
    reason === "CrashLoopBackOff"
      ? `crash loop: ${message}`
      : `the container cannot be created, ${reason}: ${message}`,
  quota: (_reason, message) => `no pod could be created for lack of quota: ${message}`,
  admission: (reason, message) => `the pod was refused, ${reason}: ${message}`,
  init: (reason, message) =>
    reason === "CrashLoopBackOff" ? `crash loop: ${message}` : `${message} (${reason})`,
  deadline: (reason, message) =>
    `the Job's deadline (activeDeadlineSeconds) passed before the program started, ${reason}: ${message}`,
};
