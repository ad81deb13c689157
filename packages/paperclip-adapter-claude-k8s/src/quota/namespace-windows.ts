import { quantity } from "@claude-k8s/k8s-job-manifest";
import type { QuotaWindow } from "@paperclipai/adapter-utils";
import { type CheckedCluster, orDenied } from "../checks/checked-cluster.ts";
import { type QuotaLike, type QuotaNeed, type QuotaUse, quotaUses } from "../checks/quota-need.ts";

/** The namespace's quotas, as far as runs take from them. None where they may not be read. */
export async function namespaceWindows(
  { http, namespace }: CheckedCluster,
  need: QuotaNeed,
  signal: AbortSignal,
): Promise<QuotaWindow[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/resourcequotas`;
  const asked = http.request<{ items?: readonly QuotaLike[] }>({ method: "GET", path, signal });
  const answer = await orDenied(asked);
  if (answer.kind !== "ok") return [];
  return quotaUses(answer.body.items ?? [], need).map((use) => toWindow(namespace, use));
}

function toWindow(namespace: string, { quota, key, hard, used }: QuotaUse): QuotaWindow {
  return {
    label: `${namespace}: ${key}`,
    usedPercent: percent(used, hard),
    resetsAt: null,
    valueLabel: `${used} of ${hard}`,
    detail: `ResourceQuota ${quota}`,
  };
}

function percent(used: string, hard: string): number | null {
  const [part, whole] = [quantity(used), quantity(hard)];
  if (part === undefined || whole === undefined) return null;
  return whole === 0n ? 100 : Math.min(100, Number((part * 100n) / whole));
}
