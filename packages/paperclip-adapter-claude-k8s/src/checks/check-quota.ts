import { type Check, failed, passed, warned } from "./check.ts";
import { type CheckedCluster, orDenied } from "./checked-cluster.ts";
import { type QuotaLike, type QuotaNeed, type QuotaUse, quotaUses } from "./quota-need.ts";

const code = "claude_k8s_quota";

/** Whether the namespace's quotas have room for one more run. */
export async function checkQuota(
  cluster: CheckedCluster,
  need: QuotaNeed,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { http, namespace } = cluster;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/resourcequotas`;
  const asked = http.request<{ items?: readonly QuotaLike[] }>({ method: "GET", path, signal });
  const answer = await orDenied(asked);
  // Its right is a finding of its own.
  if (answer.kind !== "ok") return [];
  return quotaChecks(namespace, answer.body.items ?? [], need);
}

/** What quotas mean for one more run. One that is full now is no fault of the setting: runs end. */
export function quotaChecks(
  namespace: string,
  quotas: readonly QuotaLike[],
  need: QuotaNeed,
): readonly Check[] {
  if (quotas.length === 0) return [passed(code, `${namespace} has no quota.`)];
  const short = quotaUses(quotas, need).filter(({ isOver }) => isOver);
  if (short.length === 0)
    return [passed(code, `The quotas of ${namespace} have room for one more run.`)];
  return short.map((use) =>
    use.isTooSmall
      ? failed(
          code,
          `${words(use)}: no run ever fits.`,
          `Raise ${use.key} in the ResourceQuota ${use.quota}, or lower the run's resources.`,
        )
      : warned(
          code,
          `${words(use)}: the next run has to wait until others end.`,
          `Raise ${use.key} in the ResourceQuota ${use.quota} of ${namespace} for more runs at a time.`,
        ),
  );
}

function words({ quota, key, hard, used, need }: QuotaUse): string {
  return `The quota ${quota} allows ${hard} of ${key}, ${used} are taken and a run needs ${need}`;
}
