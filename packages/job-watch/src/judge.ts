import { judgeExit } from "./judge-exit.ts";
import { judgeFailedPod } from "./judge-failed-pod.ts";
import { judgeGone, judgeJob } from "./judge-job.ts";
import { judgeNode } from "./judge-node.ts";
import { judgeStart } from "./judge-start.ts";
import type { JobLevel } from "./level.ts";
import { policyFrom, type Policy } from "./policy.ts";
import { end, type Verdict } from "./verdict.ts";
import type { JobEnd, JobPolicy } from "./types.ts";

/**
 * How the Job ended, or `undefined` while it has not, or nobody can tell yet. Pure: the same level,
 * policy and time give the same answer, whatever the order in which the facts came.
 * @param now milliseconds of the clock that `level.since` was taken from
 */
export function judge(level: JobLevel, policy: JobPolicy, now: number): JobEnd | undefined {
  const verdict = consider(level, policyFrom(policy), now);
  return verdict.kind === "end" ? verdict.end : undefined;
}

/** The decision table, first match wins; a row that waits says until when. */
const rows: readonly ((level: JobLevel, policy: Policy) => Verdict | undefined)[] = [
  judgeRepeated,
  judgeExit,
  judgeFailedPod,
  judgeJob,
  judgeGone,
  judgeNode,
  judgeStart,
];

/** As {@link judge}, and when to look again if nothing new comes. */
export function consider(level: JobLevel, policy: Policy, now: number): Verdict {
  for (const row of rows) {
    const verdict = row(level, policy);
    if (verdict === undefined) continue;
    if (verdict.kind === "wait" && verdict.untilMs !== undefined && now >= verdict.untilMs)
      return verdict.otherwise === undefined
        ? verdict
        : { kind: "end", end: verdict.otherwise, graceOverMs: verdict.untilMs };
    return verdict;
  }
  return { kind: "wait" };
}

/** A pod that never ran may be replaced without harm; one that ran must not be. */
function judgeRepeated({ ranBefore, pod }: JobLevel): Verdict | undefined {
  if (!ranBefore || pod === undefined) return undefined;
  return end({ kind: "repeated" }, [`pod ${pod.name} was started after an earlier pod had run`]);
}
