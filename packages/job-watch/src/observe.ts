import { endingOf, finalOf, jobOf, runsOrRan, terminatedOf } from "./facts.ts";
import type { JobLevel, JobWarning, PodNews, Since } from "./level.ts";
import type { Policy } from "./policy.ts";
import { nodeTrouble } from "./node-trouble.ts";
import { podKey } from "./pod-key.ts";
import { present } from "./present.ts";
import type { JobSnapshot, NodeSnapshot, PodSnapshot } from "./snapshot-types.ts";
import { startProblem } from "./start-problem.ts";

/** One fact about a Job, from a watch or a poll, in any order, any number of times. */
export type Seen =
  | { readonly kind: "job"; readonly job: JobSnapshot | "gone" }
  | { readonly kind: "pod"; readonly pod: PodSnapshot }
  /** The API server has said that this pod is no more. */
  | { readonly kind: "pod-gone"; readonly pod: string }
  | { readonly kind: "warning"; readonly warning: JobWarning }
  | { readonly kind: "news"; readonly news: PodNews }
  | { readonly kind: "node"; readonly node: NodeSnapshot | "unreadable" };

export function unseen(container: string): JobLevel {
  return {
    container,
    job: undefined,
    pod: undefined,
    podGone: false,
    hasRun: false,
    ranBefore: false,
    since: {},
  };
}

/** The level after one more fact. Pure. */
export function observe(level: JobLevel, seen: Seen, policy: Policy, now: number): JobLevel {
  const next = withFact(level, seen);
  return next === level ? level : { ...next, since: sinceOf(level, next, policy, now) };
}

function withFact(level: JobLevel, seen: Seen): JobLevel {
  switch (seen.kind) {
    case "job":
      return { ...level, job: seen.job, ...present({ lastJob: lastOf(level, seen.job) }) };
    case "pod":
      return withPod(level, seen.pod);
    case "pod-gone":
      return level.pod !== undefined && podKey(level.pod) === seen.pod && !level.podGone
        ? { ...level, podGone: true }
        : level;
    case "news":
      return level.pod !== undefined && podKey(level.pod) === seen.news.pod
        ? { ...level, news: seen.news }
        : level;
    case "node":
      return { ...level, node: seen.node };
    case "warning":
    default:
      return { ...level, warning: seen.warning };
  }
}

function lastOf(level: JobLevel, job: JobSnapshot | "gone"): JobSnapshot | undefined {
  return job === "gone" ? (jobOf(level) ?? level.lastJob) : undefined;
}

function withPod(level: JobLevel, pod: PodSnapshot): JobLevel {
  const known = level.pod;
  if (known === undefined || podKey(known) === podKey(pod)) {
    // A read and a watch may cross: a proven exit is never taken back by an older copy.
    const hasEnded = terminatedOf(level)?.proven === true;
    if (hasEnded && terminatedOf({ ...level, pod }) === undefined) return level;
    const hasRun = level.hasRun || runsOrRan(pod, level.container);
    return { ...level, pod, podGone: false, hasRun };
  }
  if ((pod.createdAt ?? "") < (known.createdAt ?? "")) return level;
  return {
    ...level,
    pod,
    podGone: false,
    hasRun: runsOrRan(pod, level.container),
    ranBefore: level.ranBefore || level.hasRun,
  };
}

function sinceOf(before: JobLevel, after: JobLevel, policy: Policy, now: number): Since {
  const samePod = before.pod && after.pod && podKey(before.pod) === podKey(after.pod);
  const { since } = before;
  const job = jobOf(after);
  const held = (holds: boolean, from: number | undefined): number | undefined =>
    holds ? (from ?? now) : undefined;
  const problem = problemOf(after, policy);
  return present({
    scaleUp: held(newsOf(after)?.scaleUp !== undefined, since.scaleUp),
    podDeleting: held(
      after.pod?.deleting === true && !after.podGone,
      samePod === true ? since.podDeleting : undefined,
    ),
    nodeLost: held(nodeTrouble(after) !== undefined, samePod === true ? since.nodeLost : undefined),
    podless: held(job !== undefined && !job.suspended && after.pod === undefined, since.podless),
    startProblem: held(
      problem !== undefined,
      problemOf(before, policy) === problem ? since.startProblem : undefined,
    ),
    terminated: held(
      terminatedOf(after) !== undefined,
      samePod === true ? since.terminated : undefined,
    ),
    jobEnding: held(endingOf(job) !== undefined, since.jobEnding),
    jobEnded: held(finalOf(job) !== undefined, since.jobEnded),
    jobGone: held(after.job === "gone", since.jobGone),
    podGone: held(after.podGone, since.podGone),
  });
}

/** The kubelet alternates between two words for one problem: its kind is what counts. */
function problemOf(level: JobLevel, policy: Policy): string | undefined {
  if (level.pod === undefined) return level.warning?.reason;
  return startProblem(level, policy)?.why;
}

function newsOf({ pod, news }: JobLevel): PodNews | undefined {
  return pod !== undefined && news?.pod === podKey(pod) ? news : undefined;
}
