import { OrphanGuardError } from "./errors.ts";
import type { CreateRunOptions, KnownJob, Manifest } from "./types.ts";

/**
 * Creates a Secret of this run, owned by `owner` when its uid is known. One of the same name is what an
 * earlier attempt or a lost reply left, for only the holder of the Job's name makes it; it is replaced.
 */
export async function putSecret(
  { store, signal }: CreateRunOptions,
  secret: Manifest,
  owner?: KnownJob,
): Promise<void> {
  const owned = owner?.uid === undefined ? secret : withOwner(secret, owner.name, owner.uid);
  const first = await store.createSecret(owned, signal);
  if (first.kind === "created") return;
  await store.deleteSecret(secret.metadata, signal);
  const second = await store.createSecret(owned, signal);
  if (second.kind === "created") return;
  const { namespace, name } = secret.metadata;
  throw new OrphanGuardError(
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
