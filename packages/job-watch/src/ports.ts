import type { Clock } from "@claude-k8s/kube-http";
import type { EventSnapshot, JobSnapshot, NodeSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/**
 * Reads one Job and its pods. Throws {@link JobWatchError} `JOB_WATCH_DENIED` when a right is missing
 * and `JOB_WATCH_BLIND` when asking again may help; anything else it throws ends the watch.
 */
export interface JobReader {
  /** `undefined`: the API server says there is no such Job (404). */
  readJob(job: JobRef, signal: AbortSignal): Promise<JobSnapshot | undefined>;
  listPods(job: JobRef, signal: AbortSignal): Promise<readonly PodSnapshot[]>;
  /** The object's events, the latest last; only where events can be read. */
  readEvents?(about: EventSubject, signal: AbortSignal): Promise<readonly EventSnapshot[]>;
  /** `undefined`: there is no such node (404). Only where nodes can be read. */
  readNode?(name: string, signal: AbortSignal): Promise<NodeSnapshot | undefined>;
}

/** What events are asked for. */
export type EventSubject = {
  readonly kind: "Job" | "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
};

/** Writes to one Job, for {@link stopJob}. Faults as in {@link JobReader}. */
export interface JobControl {
  readJob(job: JobRef, signal: AbortSignal): Promise<JobSnapshot | undefined>;
  /**
   * Merge-patches annotations, carrying `resourceVersion` when it is known.
   * `conflict`: the Job has changed since that version was read.
   */
  annotate(
    job: JobRef,
    change: {
      readonly annotations: Readonly<Record<string, string>>;
      readonly resourceVersion?: string;
    },
    signal: AbortSignal,
  ): Promise<"written" | "conflict" | "gone">;
  /**
   * Deletes in the foreground: the name stays taken until the pods are gone. Policy and preconditions
   * both go into the body: with a body the API server ignores the query, and a Job's default is to
   * orphan its pods. `another`: the name belongs to a Job of another uid, or, when a `resourceVersion`
   * is given, the Job has changed since that version was read.
   */
  deleteJob(
    job: JobRef & { readonly resourceVersion?: string },
    signal: AbortSignal,
  ): Promise<"accepted" | "gone" | "another">;
  /** The Job's pods, by its name. Without it only the Job's own end is verified. */
  listPods?(job: JobRef, signal: AbortSignal): Promise<readonly PodSnapshot[]>;
  /** With its uid as a precondition. `graceSeconds: 0` takes the pod's object away without the kubelet's word. */
  deletePod?(
    pod: {
      readonly namespace: string;
      readonly name: string;
      readonly uid: string;
      readonly graceSeconds?: number;
    },
    signal: AbortSignal,
  ): Promise<"accepted" | "gone" | "another">;
  /** As {@link JobReader.readNode}. Without it nothing is forced: nobody knows whether the node is healthy. */
  readNode?(name: string, signal: AbortSignal): Promise<NodeSnapshot | undefined>;
}

export type StopOutcome =
  /** Verified: the Job is gone, and so are its pods. `forced`: a pod was taken away without its kubelet's word. */
  | { readonly kind: "gone"; readonly forced: boolean }
  /** Asked for, and not verified in time; `what` names what is left. */
  | { readonly kind: "left"; readonly what: string }
  /** Another supervisor has the Job: nothing was done. */
  | { readonly kind: "lost" };

export type StopOptions = {
  readonly jobs: JobControl;
  readonly job: JobRef;
  /** Stop only while the Job's annotations name this supervisor and epoch. */
  readonly expected?: { readonly supervisor: string; readonly epoch: number };
  /** How long to wait until the Job is gone, in milliseconds. Longer than the pod's termination grace period. */
  readonly graceMs: number;
  /**
   * How long a pod may outlast its termination grace period, in milliseconds, before its object is
   * deleted with a grace of 0; on a healthy node only, for on any other the program could go on
   * without anybody knowing of it. Counted from when this call first saw it being deleted. Default
   * 10,000: a healthy kubelet is done within two seconds.
   */
  readonly escalateAfterMs?: number;
  /** Aborting stops the waiting, not the deletion, and throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Between two looks, in milliseconds. Default 500. */
  readonly pollMs?: number;
  /** For the annotation `claude-k8s/cancel-requested`, RFC 3339. Default: the present time. */
  readonly requestedAt?: string;
  readonly clock?: Clock;
};
