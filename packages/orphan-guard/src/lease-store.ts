/** A supervisor's Lease, as one answer of the API server showed it. */
export type KnownLease = {
  readonly name: string;
  /** `spec.holderIdentity`. */
  readonly identity: string;
  readonly resourceVersion?: string | undefined;
  /**
   * Holder, renew time and transitions as one text. It differs after every renewal; what it says is never
   * compared with a clock.
   */
  readonly stamp: string;
  /** `spec.renewTime` as the holder's clock had it. For people to read; nothing is decided by it. */
  readonly renewTime?: string | undefined;
  /** `spec.leaseDurationSeconds`, in ms. */
  readonly durationMs: number;
};

export type CreatedLease =
  | { readonly kind: "created"; readonly lease: KnownLease }
  | { readonly kind: "exists" };
export type RenewedLease =
  | { readonly kind: "renewed"; readonly lease: KnownLease }
  /** Somebody else wrote it since it was read. */
  | { readonly kind: "conflict" }
  | { readonly kind: "not-found" };

/**
 * The Leases of supervisors in one namespace, one a process. Binding: `kubeLeaseStore`. A missing right and
 * a request without an answer are thrown.
 */
export interface LeaseStore {
  /** Those of supervisors; other Leases of the namespace are not seen. */
  list(signal: AbortSignal): Promise<readonly KnownLease[]>;
  create(identity: string, durationMs: number, signal: AbortSignal): Promise<CreatedLease>;
  /** Guarded by the resourceVersion that `lease` was read with. */
  renew(lease: KnownLease, signal: AbortSignal): Promise<RenewedLease>;
  /** One that is not there any more is success. */
  delete(lease: Pick<KnownLease, "name" | "resourceVersion">, signal: AbortSignal): Promise<void>;
}
