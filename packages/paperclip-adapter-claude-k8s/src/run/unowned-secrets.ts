import { textOf } from "../untyped.ts";
import type { JobRun } from "./job-run.ts";

/**
 * Deletes the Secrets that no owner takes along, which is where Secrets may not be patched. Of a Job of an
 * earlier adapter nobody knows whether it has such a one; that it could not be deleted is told.
 */
export async function deleteUnowned(
  { job, cluster, sink }: JobRun,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, unownedSecrets = [], ofEarlierAdapter } = job;
  for (const name of unownedSecrets) await cluster.jobs.deleteSecret({ namespace, name }, signal);
  if (ofEarlierAdapter === undefined) return;
  const { promptSecret: name } = ofEarlierAdapter;
  try {
    await cluster.jobs.deleteSecret({ namespace, name }, signal);
  } catch (error) {
    await sink.note(
      `whether the Job ${job.name} leaves the Secret ${name} behind is not known: ${textOf(error)}`,
    );
  }
}
