import { judge } from "./judge.ts";
import type { RawJob, RawPod } from "./kube-objects.ts";
import { observe, unseen } from "./observe.ts";
import { phaseOf } from "./phase.ts";
import { policyFrom } from "./policy.ts";
import { present } from "./present.ts";
import { jobSnapshot, podSnapshot } from "./snapshot.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import type { JobEnd, RunPhase } from "./types.ts";

/** How a Job stands by one look at it. */
export type JobStanding = {
  readonly phase: RunPhase;
  /** The scheduler's or kubelet's words. */
  readonly detail?: string;
  /** The Job's newest pod. */
  readonly pod?: {
    readonly name: string;
    readonly uid?: string;
    readonly node?: string;
    readonly terminationGraceSeconds?: number;
  };
  /** Only what this one look proves: an end that wants a grace is not one yet. */
  readonly end?: JobEnd;
};

/**
 * How a Job stands by one answer of the API server, in the same words as a watch has for it. Pure.
 * @param pods of this Job or of many: what belongs to others is left out
 * @param container whose exit is the run's
 */
export function standingOfJob(
  job: RawJob,
  pods: readonly RawPod[],
  container: string,
): JobStanding {
  const policy = policyFrom();
  const { name, uid } = job.metadata ?? {};
  const isOurs = (pod: PodSnapshot): boolean =>
    pod.jobUid === undefined || uid === undefined ? pod.jobName === name : pod.jobUid === uid;
  let level = observe(unseen(container), { kind: "job", job: jobSnapshot(job) }, policy, 0);
  for (const pod of pods.map(podSnapshot).filter(isOurs))
    level = observe(level, { kind: "pod", pod }, policy, 0);
  const { pod } = level;
  const seen = phaseOf(level);
  return {
    phase: seen?.phase ?? "queued",
    ...present({
      detail: seen?.detail,
      pod: pod && {
        name: pod.name,
        ...present({
          uid: pod.uid,
          node: pod.node,
          terminationGraceSeconds: pod.terminationGraceSeconds,
        }),
      },
      end: judge(level, policy, 0),
    }),
  };
}
