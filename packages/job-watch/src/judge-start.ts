import { jobOf } from "./facts.ts";
import type { JobLevel, JobWarning } from "./level.ts";
import type { Policy } from "./policy.ts";
import { failedInit } from "./judge-failed-pod.ts";
import { type StartProblem, startProblem } from "./start-problem.ts";
import { end, endUnsure, podFact, type Verdict, waitFor } from "./verdict.ts";

/** The program has not started yet; what may keep it from that ends the run when its grace has passed. */
export function judgeStart(level: JobLevel, policy: Policy): Verdict | undefined {
  const { pod } = level;
  if (jobOf(level)?.suspended === true) return { kind: "wait" };
  if (pod === undefined) return podless(level, policy);
  if (level.hasRun) return undefined;
  const init = failedInit(pod);
  if (init !== undefined) return init;
  const problem = startProblem(level, policy);
  if (problem === undefined) return undefined;
  const { why, reason, message, graceMs, saidAt } = problem;
  const facts = [
    saidAt === undefined ? podFact(pod, `${reason}: ${message}`) : `event ${reason}: ${message}`,
  ];
  if (graceMs > 0) facts.push(`policy: lasted ${graceMs} ms`);
  const untilMs = deadlineOf(level, problem, policy);
  // An event may have been overtaken by better ones: only reading on tells that it still holds.
  if (saidAt !== undefined && saidAt < untilMs) return { kind: "wait" };
  // `InvalidImageName` has no grace by nature; the others have what the policy gives them.
  const sure = reason === "InvalidImageName";
  const what = { kind: "not-started", why, reason, message } as const;
  if (graceMs === 0) return sure ? end(what, facts) : endUnsure(what, facts);
  return waitFor(untilMs, what, { facts, sure });
}

/** Until when the problem may last. */
export function deadlineOf(
  { since }: JobLevel,
  { why, graceMs }: StartProblem,
  policy: Policy,
): number {
  const untilMs = (since.startProblem ?? 0) + graceMs;
  const waits = why === "unschedulable" && policy.unschedulable === "wait";
  if (!waits || since.scaleUp === undefined) return untilMs;
  return Math.max(untilMs, since.scaleUp + policy.scaleUpTimeoutMs);
}

/** Refused pods leave no trace but events, which may not be readable: then only time tells. */
function podless({ warning, since }: JobLevel, policy: Policy): Verdict | undefined {
  if (since.podless === undefined) return undefined;
  if (warning !== undefined) {
    const { why, graceMs } = refusal(warning, policy);
    const facts = [`event ${warning.reason}: ${warning.message}`, `policy: lasted ${graceMs} ms`];
    const untilMs = since.podless + graceMs;
    return waitFor(untilMs, { kind: "not-started", why, ...warning }, { facts, sure: false });
  }
  const message = `no pod was created within ${policy.scheduleTimeoutMs} ms`;
  return waitFor(
    since.podless + policy.scheduleTimeoutMs,
    { kind: "not-started", why: "admission", reason: "NoPod", message },
    { facts: [`policy: ${message}`], sure: false },
  );
}

/** Why pods of the Job are refused. What a quota lacks may be given back; a request that names no amount stays wrong. */
export function refusal(
  { message }: JobWarning,
  policy: Policy,
): { readonly why: "quota" | "admission" | "config"; readonly graceMs: number } {
  if (message.includes("exceeded quota")) return { why: "quota", graceMs: policy.quotaGraceMs };
  if (message.includes("failed quota")) return { why: "quota", graceMs: policy.admissionGraceMs };
  if (/serviceaccount ".*" not found/.test(message))
    return { why: "config", graceMs: policy.configGraceMs };
  return { why: "admission", graceMs: policy.admissionGraceMs };
}
