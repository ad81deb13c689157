import type { LostWhy, NotStartedWhy } from "@claude-k8s/job-watch";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { ErrorCode } from "./error-codes.ts";

/** What an error code alone leaves open, as one word for machines: which of a pod's troubles, which of the limits. */
type Cause =
  | NotStartedWhy
  | LostWhy
  | "clone"
  | "oom"
  | "deleted"
  | "repeated"
  | "volume"
  | "run-limit"
  | "job-limit"
  | "start-limit"
  | "idle-limit"
  | "after-result-limit";

/** What a run's evidence comes to, in the words of the host's contract. Absent members say nothing. */
export interface Outcome {
  /** Absent: success. */
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly cause?: Cause;
  readonly family?: NonNullable<AdapterExecutionResult["errorFamily"]>;
  readonly timedOut?: true;
  /** The stored session is of no use any more. */
  readonly clearSession?: true;
  /** ISO 8601. */
  readonly retryNotBefore?: string;
  readonly stopReason?: string;
  /** A person must change the configuration first. */
  readonly incomplete?: string;
  /**
   * What the host may do next. `bootstrap`: the program never started, so the run may be repeated.
   * `settled`: it was stopped with nothing half done and its session kept. `continue`: another turn of the
   * conversation may follow. Absent: a person must look.
   */
  readonly recovery?: "bootstrap" | "settled" | "continue";
  /** The stop that the host asked for was verified. */
  readonly acknowledged?: { readonly forced: boolean };
}

/** Nothing was started, and the cause may pass. */
export function notStarted(errorCode: ErrorCode, errorMessage: string): Outcome {
  return { errorCode, errorMessage, family: "transient_upstream", recovery: "bootstrap" };
}

/** Nothing was started, and a person must change something first. */
export function incomplete(
  errorMessage: string,
  errorCode: ErrorCode = "configuration_incomplete",
): Outcome {
  return { errorCode, errorMessage, incomplete: errorMessage, recovery: "bootstrap" };
}

/** The program ran, and something outside it went wrong. */
export function interrupted(errorCode: ErrorCode, errorMessage: string): Outcome {
  return { errorCode, errorMessage, family: "transient_upstream", recovery: "continue" };
}
