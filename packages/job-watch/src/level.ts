import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";

/** A warning of the Job's own events, such as `FailedCreate`. */
export type JobWarning = { readonly reason: string; readonly message: string };

/** What was seen last: every judgement is made from a level, none from the order of messages. */
export type JobLevel = {
  readonly container: string;
  /** `undefined`: not seen yet, which is not "gone". */
  readonly job: JobSnapshot | "gone" | undefined;
  /** The Job's newest pod, also after it has gone; its last words stay. */
  readonly pod: PodSnapshot | undefined;
  readonly podGone: boolean;
  /** Pods of this Job that were seen, by uid or, where unknown, by name. */
  readonly podsSeen: readonly string[];
  /** The container was seen running, or its exit tells when it started. */
  readonly hasRun: boolean;
  readonly warning?: JobWarning;
  /** When each of these was first seen as it is now, in milliseconds of the injected clock. */
  readonly since: {
    /** The Job was first seen, not suspended and without a pod. */
    readonly podless?: number;
    /** What keeps the pod from starting, while its kind stays the same. */
    readonly startProblem?: number;
    readonly terminated?: number;
    readonly jobEnding?: number;
    readonly jobGone?: number;
    readonly podGone?: number;
    readonly nodeLost?: number;
  };
};
