import { isDenied, messageOf } from "./answers.ts";
import { decide } from "./decide.ts";
import { OrphanGuardError } from "./errors.ts";
import type { Admission, Claim, JobStore, KnownJob } from "./types.ts";

export type AdmitOptions = {
  readonly store: JobStore;
  readonly claim: Claim;
  /** Where to look. */
  readonly namespace: string;
  /** Selects the agent's Jobs, those of other tasks included. */
  readonly labelSelector: string;
  readonly signal: AbortSignal;
};

/**
 * Lists the agent's Jobs and decides. Fails closed: a cluster that cannot be read is never "clear".
 * @throws OrphanGuardError `ORPHAN_GUARD_BLIND` or `ORPHAN_GUARD_DENIED`, with the cause and its message
 */
export async function admit(options: AdmitOptions): Promise<Admission> {
  const { store, claim, namespace, labelSelector, signal } = options;
  let jobs: readonly KnownJob[];
  try {
    jobs = await store.list({ namespace, labelSelector, signal });
  } catch (cause) {
    signal.throwIfAborted();
    const code = isDenied(cause) ? "ORPHAN_GUARD_DENIED" : "ORPHAN_GUARD_BLIND";
    const message = `cannot list the Jobs ${labelSelector} in namespace ${namespace}: ${messageOf(cause)}`;
    throw new OrphanGuardError(code, message, { cause });
  }
  return decide(claim, jobs);
}
