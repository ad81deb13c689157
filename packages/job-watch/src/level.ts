import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";

/** A warning of the Job's own events, such as `FailedCreate`. */
export type JobWarning = { readonly reason: string; readonly message: string };

/** What was seen last: every judgement is made from a level, none from the order of messages. */
export type JobLevel = {
  readonly container: string;
  /** `undefined`: not seen yet, which is not "gone". */
  readonly job: JobSnapshot | "gone" | undefined;
  /** The Job's newest pod, also after it has gone: its last words stay. */
  readonly pod: PodSnapshot | undefined;
  readonly podGone: boolean;
  /** The newest pod's container was seen running, or its exit tells when it started. */
  readonly hasRun: boolean;
  /** The same of an earlier pod of this Job. */
  readonly ranBefore: boolean;
  readonly warning?: JobWarning;
  readonly since: Since;
};

/** When each of these was first seen as it is now, in milliseconds of the injected clock. */
export type Since = {
  /** The Job was there, not suspended, without a pod. */
  readonly podless?: number;
  /** Something keeps the pod from starting; a new moment when its kind changes. */
  readonly startProblem?: number;
  /** The container has terminated. */
  readonly terminated?: number;
  /** The Job has an interim condition: its outcome is certain. */
  readonly jobEnding?: number;
  /** The Job has a condition `Complete` or `Failed`. */
  readonly jobEnded?: number;
  readonly jobGone?: number;
  readonly podGone?: number;
};
