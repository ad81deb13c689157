import { KubeHttpError } from "@claude-k8s/kube-http";
import { kubeLeaseStore, OrphanGuardError } from "@claude-k8s/orphan-guard";
import { type Check, passed, warned } from "../checks/check.ts";
import type { CheckedCluster } from "../checks/checked-cluster.ts";

const code = "claude_k8s_leases";

/** Which server processes say by a Lease that they follow runs here. Whether each lives shows only with time. */
export async function checkSupervisors(
  { http, namespace }: CheckedCluster,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    const leases = await kubeLeaseStore(http, namespace).list(signal);
    if (leases.length === 0)
      return [passed(code, `No server process follows runs in ${namespace} now.`)];
    const words = leases.map(
      ({ identity, renewTime }) => `${identity} (renewed ${renewTime ?? "never"})`,
    );
    return [passed(code, `Server processes with a Lease in ${namespace}: ${words.join(", ")}.`)];
  } catch (error) {
    signal.throwIfAborted();
    // Its right is a finding of its own.
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED") return [];
    if (!KubeHttpError.isInstance(error) && !OrphanGuardError.isInstance(error)) throw error;
    return [warned(code, `Leases could not be read: ${error.message}`)];
  }
}
