import { terminatedOf } from "./facts.ts";
import { graceOf } from "./grace-of.ts";
import type { JobLevel } from "./level.ts";
import { nodeTrouble } from "./node-trouble.ts";
import type { Policy } from "./policy.ts";
import { podFact, type Verdict, waitFor } from "./verdict.ts";

/**
 * The node does not answer, or lets a pod be Terminating for too long. The program may still run: only
 * a long time makes the run lost, and nobody can be sure of it.
 */
export function judgeNode(level: JobLevel, policy: Policy): Verdict | undefined {
  const { pod, podGone, since } = level;
  if (pod === undefined || podGone || terminatedOf(level) !== undefined) return undefined;
  const { nodeLostTimeoutMs, terminatingGraceMs } = policy;
  const trouble = nodeTrouble(level);
  if (trouble !== undefined) {
    const facts = [podFact(pod, trouble), `policy: lasted ${nodeLostTimeoutMs} ms`];
    const untilMs = (since.nodeLost ?? 0) + nodeLostTimeoutMs;
    return waitFor(untilMs, { kind: "lost", why: "node" }, { facts, sure: false });
  }
  if (since.podDeleting === undefined || pod.node === undefined) return undefined;
  const graceMs = graceOf(pod);
  const overdueMs = terminatingGraceMs + nodeLostTimeoutMs;
  const facts = [
    podFact(pod, "is being deleted, and its node does not carry it out"),
    `policy: lasted ${overdueMs} ms beyond its grace of ${graceMs} ms`,
  ];
  const untilMs = since.podDeleting + graceMs + overdueMs;
  return waitFor(untilMs, { kind: "lost", why: "node" }, { facts, sure: false });
}
