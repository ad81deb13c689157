import { jobOf } from "./facts.ts";
import type { JobLevel, JobWarning } from "./level.ts";
import type { Policy } from "./policy.ts";
import type { PodSnapshot } from "./snapshot-types.ts";
import { startProblem } from "./start-problem.ts";
import { end, podFact, type Verdict, waitFor } from "./verdict.ts";

/** The program has not started yet; what may keep it from that ends the run when its grace has passed. */
export function judgeStart(level: JobLevel, policy: Policy): Verdict | undefined {
  const { pod, container, since } = level;
  if (jobOf(level)?.suspended === true) return { kind: "wait" };
  if (pod === undefined) return podless(level, policy);
  if (level.hasRun) return undefined;
  const init = failedInit(pod);
  if (init !== undefined) return init;
  const problem = startProblem(pod, container, policy);
  if (problem === undefined) return undefined;
  const { why, reason, message, graceMs } = problem;
  const facts = [podFact(pod, `${reason}: ${message}`)];
  if (graceMs > 0) facts.push(`policy: lasted ${graceMs} ms`);
  const untilMs = (since.startProblem ?? 0) + graceMs;
  // `InvalidImageName` has no grace by nature; the others have what the policy gives them.
  const sure = reason === "InvalidImageName";
  return waitFor(untilMs, { kind: "not-started", why, reason, message }, { facts, sure });
}

function failedInit(pod: PodSnapshot): Verdict | undefined {
  // With any other policy the kubelet runs it again.
  if ((pod.restartPolicy ?? "Never") !== "Never") return undefined;
  for (const { name, state } of pod.initContainers) {
    if (state.kind !== "terminated" || state.exit.code === 0) continue;
    const { code, reason = "Error", message } = state.exit;
    const words = `init container ${name} exited with code ${code ?? "unknown"}`;
    return end(
      {
        kind: "not-started",
        why: "init",
        reason,
        message: message === undefined ? words : `${words}: ${message}`,
      },
      [podFact(pod, words)],
    );
  }
  return undefined;
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

/** A refusal for quota names it; it may pass. */
export function refusal(
  { message }: JobWarning,
  policy: Policy,
): { readonly why: "quota" | "admission"; readonly graceMs: number } {
  return message.includes("exceeded quota")
    ? { why: "quota", graceMs: policy.quotaGraceMs }
    : { why: "admission", graceMs: policy.admissionGraceMs };
}
