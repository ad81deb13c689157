import { mayHaveHappened } from "./answers.ts";
import { realGuardClock, sleep } from "./clock.ts";
import { OrphanGuardError } from "./errors.ts";
import { annotations } from "./marks.ts";
import { removeAttempt } from "./remove-attempt.ts";
import type { CreatedJob, CreateRunOptions, JobManifestLike, KnownJob } from "./types.ts";

type Claimed = {
  readonly kind: "created" | "exists";
  readonly job: KnownJob;
};

/** A name that is taken when written and free when read is tried this often. */
const attempts = 20;
const pauseMs = 250;

/** The manifest with the marks of this attempt. */
export function marked(
  { job, createId }: CreateRunOptions,
  { suspend, resumedAt }: { readonly suspend: boolean; readonly resumedAt?: string },
): JobManifestLike {
  return {
    ...job,
    metadata: {
      ...job.metadata,
      annotations: {
        ...job.metadata.annotations,
        [annotations.createId]: createId,
        ...(resumedAt === undefined ? {} : { [annotations.resumedAt]: resumedAt }),
      },
    },
    spec: { ...job.spec, suspend },
  };
}

/**
 * Creates the Job, which is what holds the name. A taken name and a reply that got lost are decided by
 * reading: the Job is ours exactly when it carries our nonce.
 */
export async function claimName(
  options: CreateRunOptions,
  manifest: JobManifestLike,
): Promise<Claimed> {
  const { store, createId, signal } = options;
  const { name, namespace } = manifest.metadata;
  let said = "its name was taken and then no longer";
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await create(options, manifest);
    if (answer.kind === "created") return answer;
    said = answer.message ?? said;
    const found = await store.read(manifest.metadata, signal);
    if (found !== undefined) {
      const isOurs = found.annotations[annotations.createId] === createId;
      if (!isOurs) return { kind: "exists", job: found };
      if (found.deletionTimestamp === undefined) return { kind: "created", job: found };
    }
    // It went away in between, or it is what this very attempt removed and is not gone yet.
    await sleep(options.clock ?? realGuardClock, pauseMs, signal);
  }
  throw new OrphanGuardError(
    "ORPHAN_GUARD_REFUSED",
    `cannot create Job ${name} in ${namespace}, tried ${attempts} times: ${said}`,
  );
}

async function create(options: CreateRunOptions, manifest: JobManifestLike): Promise<CreatedJob> {
  const { store, signal } = options;
  try {
    return await store.createJob(manifest, signal);
  } catch (error) {
    if (!signal.aborted && !mayHaveHappened(error)) throw error;
    const job = await lookUp(options, manifest);
    if (job !== undefined) return { kind: "created", job };
    // Not seen, or nobody could look: what came of the request after all must not stay.
    await removeAttempt(options);
    signal.throwIfAborted();
    throw error;
  }
}

/** The Job of a creation that was not answered, when it is there and ours. */
async function lookUp(
  { store, createId, signal }: CreateRunOptions,
  manifest: JobManifestLike,
): Promise<KnownJob | undefined> {
  if (signal.aborted) return undefined;
  try {
    const found = await store.read(manifest.metadata, signal);
    return found?.annotations[annotations.createId] === createId ? found : undefined;
  } catch {
    return undefined; // The creation's own error is what the caller hears of.
  }
}
