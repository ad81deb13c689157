import { limited, realGuardClock } from "./clock.ts";
import { annotations } from "./marks.ts";
import type { CreateRunOptions, KnownJob } from "./types.ts";

const defaultCleanUpMs = 10_000;

/**
 * Removes what this attempt made, within its own time, for the run's signal may have aborted. Secrets with
 * an owner go with the Job. What fails is told to `onLeft`, not thrown: there is a first error already.
 */
export async function removeAttempt(options: CreateRunOptions, created?: KnownJob): Promise<void> {
  const { store, job } = options;
  const what = `Job ${job.metadata.name}`;
  await reported(options, what, async (signal) => {
    const known = created?.uid === undefined ? await findOurs(options, created, signal) : created;
    if (known !== undefined)
      await store.deleteJob({ ...known, resourceVersion: undefined }, signal);
  });
  if (created !== undefined && created.uid === undefined) await removeSecrets(options);
}

export async function removeSecrets(options: CreateRunOptions): Promise<void> {
  for (const { metadata } of options.secrets)
    await reported(options, `Secret ${metadata.name}`, (signal) =>
      options.store.deleteSecret(metadata, signal),
    );
}

/** Of a Job whose creation was answered without a uid, only a nonce that is not ours says it is another. */
async function findOurs(
  { store, job, createId }: CreateRunOptions,
  created: KnownJob | undefined,
  signal: AbortSignal,
): Promise<KnownJob | undefined> {
  const found = await store.read(job.metadata, signal);
  const nonce = found?.annotations[annotations.createId];
  if (nonce === createId) return found;
  // An answer that tells the uid tells the annotations too: without the nonce it is another's.
  return nonce === undefined && found?.uid === undefined ? created : undefined;
}

async function reported(
  options: CreateRunOptions,
  what: string,
  remove: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  try {
    const { clock = realGuardClock, cleanUpMs: ms = defaultCleanUpMs } = options;
    await limited({ clock, ms }, remove);
  } catch (cause) {
    options.onLeft?.(what, cause);
  }
}
