const marker = Symbol.for("@claude-k8s/orphan-guard.error");

/**
 * - `ORPHAN_GUARD_BLIND`: the Jobs could not be read, so nobody knows whether a run may start.
 * - `ORPHAN_GUARD_DENIED`: a right is missing (401, 403).
 * - `ORPHAN_GUARD_REFUSED`: the API server understood the request and refused it: an invalid object, a
 *   namespace that does not exist.
 */
export type OrphanGuardErrorCode =
  | "ORPHAN_GUARD_BLIND"
  | "ORPHAN_GUARD_DENIED"
  | "ORPHAN_GUARD_REFUSED";

/** Thrown when the cluster gave no answer that the question could be decided by. */
export class OrphanGuardError extends Error {
  override readonly name = "OrphanGuardError";
  readonly code: OrphanGuardErrorCode;

  constructor(code: OrphanGuardErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is OrphanGuardError {
    return error instanceof Error && marker in error;
  }
}
