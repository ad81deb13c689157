import { textOf } from "../untyped.ts";
import { checkApi, connectionFault } from "./check-api.ts";
import { checkEarlierJobs } from "./check-earlier-jobs.ts";
import { checkNamespace } from "./check-namespace.ts";
import { checkQuota } from "./check-quota.ts";
import { checkRights } from "./check-rights.ts";
import { type Check, type CheckCode, warned } from "./check.ts";
import type { CheckedCluster } from "./checked-cluster.ts";
import type { QuotaNeed } from "./quota-need.ts";

/**
 * Everything that reads alone can find: API server, namespace with its Pod Security level, each right, room in
 * the quotas, and Jobs of an earlier adapter. Creates nothing. A part that cannot be asked is a finding and stops no other.
 * @param need what one run takes from quotas
 * @throws the signal's reason, nothing else
 */
export async function cheapChecks(
  cluster: CheckedCluster,
  need: QuotaNeed,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const api = await checkApi(cluster.http, signal);
  if (api.level === "error") return [api];
  const parts = await Promise.all([
    attempt("claude_k8s_namespace", checkNamespace(cluster, signal), signal),
    attempt("claude_k8s_right", checkRights(cluster, signal), signal),
    attempt("claude_k8s_quota", checkQuota(cluster, need, signal), signal),
    attempt("claude_k8s_earlier_jobs", checkEarlierJobs(cluster, signal), signal),
  ]);
  return [api, ...parts.flat()];
}

async function attempt(
  code: CheckCode,
  part: Promise<readonly Check[]>,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    return await part;
  } catch (error) {
    signal.throwIfAborted();
    const { hint } = connectionFault(error);
    return [warned(code, `This could not be asked: ${textOf(error)}`, hint)];
  }
}
