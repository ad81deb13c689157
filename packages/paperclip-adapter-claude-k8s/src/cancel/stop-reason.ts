import { fieldsOf } from "../untyped.ts";

/**
 * Why a run is stopped before its program ended. Travels as the reason of an abort, and decides what happens
 * to the Job: it is deleted after `cancelled` and `deadline`, and left for the next run after the others. After
 * `taken-over` it is another run's already.
 */
export type StopReason =
  | { readonly kind: "cancelled"; readonly message: string }
  | { readonly kind: "deadline"; readonly limitMs: number }
  | { readonly kind: "lease-lost" }
  | { readonly kind: "host-shutdown" }
  | { readonly kind: "taken-over"; readonly why: string };

const kinds: readonly unknown[] = [
  "cancelled",
  "deadline",
  "lease-lost",
  "host-shutdown",
  "taken-over",
] satisfies StopReason["kind"][];

/** The reason this signal was aborted for; `undefined` while it was not, or for a reason that is none of ours. */
export function stopReason(signal: AbortSignal): StopReason | undefined {
  const reason: unknown = signal.aborted ? signal.reason : undefined;
  return isStopReason(reason) ? reason : undefined;
}

function isStopReason(reason: unknown): reason is StopReason {
  return kinds.includes(fieldsOf(reason)["kind"]);
}
