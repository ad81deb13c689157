import type { JobRun } from "./job-run.ts";

/** Deletes the Secrets that no owner takes along, which is where Secrets may not be patched. */
export async function deleteUnowned({ job, cluster }: JobRun, signal: AbortSignal): Promise<void> {
  const { namespace, unownedSecrets = [] } = job;
  for (const name of unownedSecrets) await cluster.jobs.deleteSecret({ namespace, name }, signal);
}
