import { mayHaveHappened } from "./answers.ts";
import { OrphanGuardError } from "./errors.ts";
import type { CreatedSecret, CreateRunOptions, KnownJob, Manifest } from "./types.ts";

/** A creation without an answer may be carried out after the name was freed, once for each that was sent. */
const attempts = 3;

/**
 * Creates a Secret of this run, owned by `owner` when its uid is known. One of the same name is what an
 * earlier attempt left, for only the holder of the Job's name makes it; it is replaced. So is what a
 * creation without an answer may have made, or makes later.
 * @throws what the store throws; OrphanGuardError `ORPHAN_GUARD_REFUSED` when the name is always taken again
 */
export async function putSecret(
  { store, signal }: CreateRunOptions,
  secret: Manifest,
  owner?: KnownJob,
): Promise<void> {
  const owned = owner?.uid === undefined ? secret : withOwner(secret, owner.name, owner.uid);
  for (let attempt = 1; ; attempt += 1) {
    const problem = await creationProblem(store.createSecret(owned, signal), signal);
    if (problem === undefined) return;
    if (attempt === attempts) throw problem === "exists" ? alwaysTaken(secret) : problem.error;
    await store.deleteSecret(secret.metadata, signal);
  }
}

/**
 * Why the Secret may be there although it was not created by this very request, or `undefined` if it was.
 * @throws what says that it is not there, or the signal's reason
 */
async function creationProblem(
  request: Promise<CreatedSecret>,
  signal: AbortSignal,
): Promise<"exists" | { readonly error: unknown } | undefined> {
  try {
    return (await request).kind === "created" ? undefined : "exists";
  } catch (error) {
    signal.throwIfAborted();
    if (!mayHaveHappened(error)) throw error;
    return { error };
  }
}

function alwaysTaken({ metadata: { namespace, name } }: Manifest): OrphanGuardError {
  return new OrphanGuardError(
    "ORPHAN_GUARD_REFUSED",
    `cannot create Secret ${name} in ${namespace}: the name is taken again after it was freed`,
  );
}

/** No `blockOwnerDeletion`: it would need the right to set finalizers on some clusters. */
export function ownerReference(name: string, uid: string): Record<string, string> {
  return { apiVersion: "batch/v1", kind: "Job", name, uid };
}

function withOwner(secret: Manifest, name: string, uid: string): Manifest {
  const metadata = { ...secret.metadata, ownerReferences: [ownerReference(name, uid)] };
  return { ...secret, metadata };
}
