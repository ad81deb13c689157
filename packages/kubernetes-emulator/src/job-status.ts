import { unfinished } from "./job-verdict.ts";
import type { Condition, Job, Pod } from "./kube-object.ts";

export function setActive(job: Job, pods: readonly Pod[]): void {
  const live = unfinished(pods).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const terminating = unfinished(pods).length - live.length;
  const ready = live.filter((pod) =>
    pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
  ).length;
  if (live.length > 0) job.status.active = live.length;
  else delete job.status.active;
  job.status.ready = ready;
  job.status.terminating = terminating;
}

export function setCondition(job: Job, condition: Condition, now: string): void {
  const others = job.status.conditions?.filter((one) => one.type !== condition.type) ?? [];
  const same = job.status.conditions?.some(
    (one) => one.type === condition.type && one.status === condition.status,
  );
  if (same === true) return;
  job.status.conditions = [
    ...others,
    { ...condition, lastProbeTime: now, lastTransitionTime: now },
  ];
}
