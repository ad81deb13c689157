import { fieldsOf } from "../untyped.ts";

/**
 * Why a run is stopped before its program ended. Travels as the reason of an abort, and decides what happens
 * to the Job: it is deleted after `cancelled`, `deadline` and `after-result`, and left for the next run after
 * the others. After `taken-over` it is another run's already.
 */
export type StopReason =
  | { readonly kind: "cancelled"; readonly message: string }
  /** One of the run's limits passed. */
  | {
      readonly kind: "deadline";
      readonly limit: "run" | "start" | "idle";
      readonly limitMs: number;
    }
  /** The program has given its result and does not end. */
  | {
      readonly kind: "after-result";
      readonly limitMs: number;
      /** What it says it has running in the background. */
      readonly openTasks: readonly string[];
    }
  | { readonly kind: "lease-lost" }
  | { readonly kind: "host-shutdown" }
  | { readonly kind: "taken-over"; readonly why: string };

const kinds: readonly unknown[] = [
  "cancelled",
  "deadline",
  "after-result",
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
