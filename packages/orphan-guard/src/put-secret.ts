import { mayHaveHappened } from "./answers.ts";
import { OrphanGuardError } from "./errors.ts";
import type { CreatedSecret, CreateRunOptions, KnownJob, Manifest } from "./types.ts";

/**
 * Creates a Secret of this run, owned by `owner` when its uid is known. One of the same name is what an
 * earlier attempt left, for only the holder of the Job's name makes it; it is replaced. So is what a
 * creation without an answer may have made.
 */
export async function putSecret(
  { store, signal }: CreateRunOptions,
  secret: Manifest,
  owner?: KnownJob,
): Promise<void> {
  const owned = owner?.uid === undefined ? secret : withOwner(secret, owner.name, owner.uid);
  if (await isCreated(store.createSecret(owned, signal), signal)) return;
  await store.deleteSecret(secret.metadata, signal);
  const second = await store.createSecret(owned, signal);
  if (second.kind === "created") return;
  const { namespace, name } = secret.metadata;
  throw new OrphanGuardError(
    "ORPHAN_GUARD_REFUSED",
    `cannot create Secret ${name} in ${namespace}: the name is taken again after it was freed`,
  );
}

async function isCreated(request: Promise<CreatedSecret>, signal: AbortSignal): Promise<boolean> {
  try {
    return (await request).kind === "created";
  } catch (error) {
    signal.throwIfAborted();
    if (!mayHaveHappened(error)) throw error;
    return false;
  }
}

/** No `blockOwnerDeletion`: it would need the right to set finalizers on some clusters. */
export function ownerReference(name: string, uid: string): Record<string, string> {
  return { apiVersion: "batch/v1", kind: "Job", name, uid };
}

function withOwner(secret: Manifest, name: string, uid: string): Manifest {
  const metadata = { ...secret.metadata, ownerReferences: [ownerReference(name, uid)] };
  return { ...secret, metadata };
}
