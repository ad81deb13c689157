import type { JobSnapshot, NodeSnapshot, PodSnapshot } from "./snapshot-types.ts";

/** A warning of the Job's own events, such as `FailedCreate`. */
export type JobWarning = { readonly reason: string; readonly message: string };

/** What the pod's events say while it does not start. */
export type PodNews = {
  /** Which pod: uid, or name. */
  readonly pod: string;
  /** The latest of them. */
  readonly latest?: JobWarning;
  /** A node is being added for it, in the autoscaler's words. */
  readonly scaleUp?: string;
  /** When they were read, in milliseconds of the injected clock. */
  readonly readAt: number;
};

/** What was seen last: every judgement is made from a level, none from the order of messages. */
export type JobLevel = {
  readonly container: string;
  /** `undefined`: not seen yet, which is not "gone". */
  readonly job: JobSnapshot | "gone" | undefined;
  /** The Job as it was last seen, also after it has gone. */
  readonly lastJob?: JobSnapshot;
  /** The Job's newest pod, also after it has gone: its last words stay. */
  readonly pod: PodSnapshot | undefined;
  readonly podGone: boolean;
  /** The newest pod's container was seen running, or its exit tells when it started. */
  readonly hasRun: boolean;
  /** The same of an earlier pod of this Job. */
  readonly ranBefore: boolean;
  readonly warning?: JobWarning;
  readonly news?: PodNews;
  /** The pod's node, when there was reason to ask for it; `"unreadable"`: without the right to. */
  readonly node?: NodeSnapshot | "unreadable";
  readonly since: Since;
};

/** When each of these was first seen as it is now, in milliseconds of the injected clock. */
export type Since = {
  /** The Job was there, not suspended, without a pod. */
  readonly podless?: number;
  /** Something keeps the pod from starting; a new moment when its kind changes. */
  readonly startProblem?: number;
  /** A node is being added for the pod. */
  readonly scaleUp?: number;
  /** The pod is Terminating. */
  readonly podDeleting?: number;
  /** The pod's node does not answer. */
  readonly nodeLost?: number;
  /** The container has terminated. */
  readonly terminated?: number;
  /** The Job has an interim condition: its outcome is certain. */
  readonly jobEnding?: number;
  /** The Job has a condition `Complete` or `Failed`. */
  readonly jobEnded?: number;
  readonly jobGone?: number;
  readonly podGone?: number;
};
