import { claimName, marked } from "./claim-name.ts";
import { annotations } from "./marks.ts";
import { ownerReference, putSecret } from "./put-secret.ts";
import { removeAttempt, removeSecrets } from "./remove-attempt.ts";
import type { CreateRunOptions, KnownJob, RunCreation, SecretRef } from "./types.ts";

/**
 * The way without the right to patch Jobs: Secrets, then a Job that starts at once, then the owner. A
 * process that dies in between leaves Secrets without owner, which is why it is not the first choice.
 */
export async function createUnsuspended(options: CreateRunOptions): Promise<RunCreation> {
  const resumedAt = (options.now?.() ?? new Date()).toISOString();
  const holder = await options.store.read(options.job.metadata, options.signal);
  // Its Secrets may have the same names. Between this look and the claim below nothing guards them, which
  // is why the Job comes first wherever it may.
  if (holder !== undefined && !isOurs(options, holder)) return { kind: "exists", job: holder };
  try {
    for (const secret of options.secrets) await putSecret(options, secret);
    const claimed = await claimName(options, marked(options, { suspend: false, resumedAt }));
    if (claimed.kind === "created") {
      const unownedSecrets = await own(options, claimed.job);
      return { kind: "created", job: claimed.job, unownedSecrets };
    }
    await removeSecrets(options);
    return { kind: "exists", job: claimed.job };
  } catch (error) {
    await removeAttempt(options);
    await removeSecrets(options);
    throw error;
  }
}

/** What an answer does not say is unknown, never "another"; one that tells the uid tells the annotations too. */
function isOurs({ createId }: CreateRunOptions, { uid, annotations: marks }: KnownJob): boolean {
  const nonce = marks[annotations.createId];
  return nonce === createId || (nonce === undefined && uid === undefined);
}

/** Names of the Secrets that could not be given to the Job. */
async function own(options: CreateRunOptions, job: KnownJob): Promise<readonly string[]> {
  const { uid } = job;
  const secrets = options.secrets.map(({ metadata }) => metadata);
  if (uid === undefined) return secrets.map(({ name }) => name);
  const results = await Promise.all(secrets.map((secret) => adopt(options, secret, job.name, uid)));
  return secrets.flatMap(({ name }, index) => (results[index] === true ? [] : [name]));
}

async function adopt(
  { store, signal }: CreateRunOptions,
  secret: SecretRef,
  owner: string,
  uid: string,
): Promise<boolean> {
  const patch = { metadata: { ownerReferences: [ownerReference(owner, uid)] } };
  try {
    return (await store.patchSecret(secret, patch, signal)).kind === "patched";
  } catch {
    return false; // The Job runs; the caller is told whose Secrets are left to delete.
  }
}
