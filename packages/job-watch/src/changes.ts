import { terminatedOf } from "./facts.ts";
import { deadlineOf, refusal } from "./judge-start.ts";
import type { JobLevel } from "./level.ts";
import { nodeTrouble } from "./node-trouble.ts";
import { podKey } from "./pod-key.ts";
import { phaseOf } from "./phase.ts";
import type { Policy } from "./policy.ts";
import { present } from "./present.ts";
import { startProblem } from "./start-problem.ts";
import type { JobEvent } from "./types.ts";

/** What people are told when one level follows another. Pure. */
export function changes(
  before: JobLevel,
  after: JobLevel,
  policy: Policy,
  now: number,
): readonly JobEvent[] {
  return [
    ...podChange(before, after),
    ...phaseChange(before, after, now),
    ...problemChange(before, after, policy),
    ...nodeChange(before, after, policy),
    ...exitChange(before, after),
  ];
}

function* podChange(before: JobLevel, { pod }: JobLevel): Generator<JobEvent> {
  if (pod === undefined || (before.pod && podKey(before.pod) === podKey(pod))) return;
  yield { type: "pod", pod: { name: pod.name, ...present({ uid: pod.uid }) } };
}

function* phaseChange(before: JobLevel, after: JobLevel, at: number): Generator<JobEvent> {
  const was = phaseOf(before);
  const is = phaseOf(after);
  if (is !== undefined && (was?.phase !== is.phase || was.detail !== is.detail))
    yield { type: "phase", ...is, at };
}

function* problemChange(before: JobLevel, after: JobLevel, policy: Policy): Generator<JobEvent> {
  const was = problemOf(before, policy);
  const is = problemOf(after, policy);
  if (is === undefined || was?.reason === is.reason) return;
  const { reason, message, gracePassesAt } = is;
  yield { type: "start-problem", reason, message, ...present({ gracePassesAt }) };
}

function problemOf(level: JobLevel, policy: Policy) {
  const { pod, warning, hasRun, since } = level;
  if (hasRun) return undefined;
  if (pod === undefined) {
    if (warning === undefined || since.podless === undefined) return undefined;
    return { ...warning, gracePassesAt: since.podless + refusal(warning, policy).graceMs };
  }
  const problem = startProblem(level, policy);
  if (problem === undefined || since.startProblem === undefined) return undefined;
  return { ...problem, gracePassesAt: deadlineOf(level, problem, policy) };
}

function* nodeChange(before: JobLevel, after: JobLevel, policy: Policy): Generator<JobEvent> {
  const lostAt = after.since.nodeLost;
  const wasLost = before.since.nodeLost !== undefined;
  const about = { type: "node", ...present({ node: after.pod?.node }) } as const;
  if (lostAt !== undefined && !wasLost) {
    const gracePassesAt = lostAt + policy.nodeLostTimeoutMs;
    yield { ...about, isLost: true, message: nodeTrouble(after) ?? "", gracePassesAt };
  }
  const isBack = lostAt === undefined && wasLost && !after.podGone;
  if (isBack) yield { ...about, isLost: false, message: `node ${after.pod?.node ?? ""} is back` };
}

function* exitChange(before: JobLevel, after: JobLevel): Generator<JobEvent> {
  const terminated = terminatedOf(after);
  if (terminated !== undefined && terminatedOf(before) === undefined)
    yield { type: "exit", exit: terminated.exit };
}
