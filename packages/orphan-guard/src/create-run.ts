import { isDenied, mayHaveHappened } from "./answers.ts";
import { claimName, marked } from "./claim-name.ts";
import { createUnsuspended } from "./create-unsuspended.ts";
import { OrphanGuardError } from "./errors.ts";
import { annotations } from "./marks.ts";
import { putSecret } from "./put-secret.ts";
import { removeAttempt } from "./remove-attempt.ts";
import type { CreateRunOptions, KnownJob, RunCreation } from "./types.ts";

/** A write that collides with other writers' is tried this often. */
const attempts = 3;

/**
 * Creates a run so that at no moment something runs that nobody owns, and no Secret outlives its run: the
 * Job first, suspended; its Secrets, owned by it; then one patch lets it go. A reply that got lost is
 * looked up by the Job's name and the annotation `claude-k8s/create-id`. Who may not patch Jobs gets the
 * Secrets first, then a Job that starts at once, and the owner set afterwards where that is allowed.
 *
 * Faults are thrown as the store throws them, after what was made has been removed. So is an abort. A run
 * whose last step failed without an answer may have been let go for a moment; it is removed as well.
 */
export async function createRun(options: CreateRunOptions): Promise<RunCreation> {
  const claimed = await claimName(options, marked(options, { suspend: true }));
  if (claimed.kind === "exists") return { kind: "exists", job: claimed.job };

  try {
    for (const secret of options.secrets) await putSecret(options, secret, claimed.job);
    const resumed = await resume(options, claimed.job);
    if (resumed.kind !== "denied") return resumed;
  } catch (error) {
    await removeAttempt(options, claimed.job);
    throw error;
  }
  await removeAttempt(options, claimed.job);
  return createUnsuspended(options);
}

type Resumed = RunCreation | { readonly kind: "denied" };

async function resume(options: CreateRunOptions, job: KnownJob): Promise<Resumed> {
  const { store, signal } = options;
  const resumedAt = (options.now?.() ?? new Date()).toISOString();
  const patch = {
    metadata: { annotations: { [annotations.resumedAt]: resumedAt } },
    spec: { suspend: false },
  };
  const created = (known: KnownJob): RunCreation => ({
    kind: "created",
    job: job.uid === undefined ? known : { ...known, uid: job.uid },
    unownedSecrets: [],
  });

  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      const answer = await store.patchJob(job, patch, signal);
      if (answer.kind === "patched") return created(answer.job);
      if (answer.kind === "not-found") return { kind: "removed" };
    } catch (error) {
      signal.throwIfAborted();
      if (isDenied(error)) return { kind: "denied" };
      const found = mayHaveHappened(error) ? await readBack(options, job) : undefined;
      if (found?.annotations[annotations.resumedAt] === undefined) throw error;
      return created(found);
    }
    // 409: another Job has the name by now, or other writers were faster.
    const found = await store.read(job, signal);
    if (found === undefined) return { kind: "removed" };
    if (job.uid !== undefined && found.uid !== undefined && found.uid !== job.uid)
      return { kind: "removed" };
  }
  throw new OrphanGuardError(
    "ORPHAN_GUARD_REFUSED",
    `cannot resume Job ${job.name}: ${attempts} attempts met other writers`,
  );
}

async function readBack(options: CreateRunOptions, job: KnownJob): Promise<KnownJob | undefined> {
  try {
    return await options.store.read(job, options.signal);
  } catch {
    return undefined; // The failed write is what the caller hears of.
  }
}
