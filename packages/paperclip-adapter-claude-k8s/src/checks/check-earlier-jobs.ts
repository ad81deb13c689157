import { KubeHttpError } from "@claude-k8s/kube-http";
import { annotations, type KnownJob, kubeJobStore } from "@claude-k8s/orphan-guard";
import type { Check } from "./check.ts";
import type { CheckedCluster } from "./checked-cluster.ts";
import { isOfEarlierAdapter } from "../cluster/earlier-adapter.ts";
import { labelSelector } from "../cluster/marks.ts";

const code = "claude_k8s_earlier_jobs";
const most = 20;

/** Jobs that an earlier adapter of this type left, and what becomes of them. Nothing where there are none. */
export async function checkEarlierJobs(
  { http, namespace }: CheckedCluster,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    const jobs = await kubeJobStore(http).list({ namespace, labelSelector, signal });
    return earlierJobChecks(jobs, namespace);
  } catch (error) {
    // Its right is a finding of its own, and so is a namespace that is not there.
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED") return [];
    throw error;
  }
}

/** Pure. One that somebody follows by now is like any other. */
export function earlierJobChecks(jobs: readonly KnownJob[], namespace: string): readonly Check[] {
  const left = jobs.filter(
    (job) =>
      isOfEarlierAdapter(job) &&
      job.annotations[annotations.supervisor] === undefined &&
      job.annotations[annotations.collectedAt] === undefined,
  );
  if (left.length === 0) return [];
  const names = left.slice(0, most).map(({ name, ended }) => (ended ? `${name} (ended)` : name));
  const others = left.length > most ? ` and ${left.length - most} more` : "";
  return [
    {
      code,
      level: "info",
      message: `Jobs of an earlier adapter in ${namespace}: ${names.join(", ")}${others}.`,
      hint: "The next run of each one's task adopts it; another run of its agent waits or is refused (guardScope). claude-k8s adopt reads one to its end, stop ends it.",
    },
  ];
}
