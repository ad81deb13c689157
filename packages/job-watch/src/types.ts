import type { Clock } from "@claude-k8s/kube-http";
import type { JobLevel } from "./level.ts";

/** A Job by name, and by uid once the API server said it: names come again, uids do not. */
export type JobRef = {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
};

/** How a container ended, as its pod's status says. */
export type ContainerExit = {
  readonly container: string;
  /** `undefined`: not known. Never a stand-in number. */
  readonly code: number | undefined;
  /** Name of the signal that ended the process, read from the code: `SIGKILL` for 137. */
  readonly signal?: string;
  /** Kubernetes' CamelCase word: `Completed`, `Error`, `OOMKilled`, … */
  readonly reason?: string;
  /** The kubelet's or the program's own words. */
  readonly message?: string;
  /** Killed for using more memory than its limit, a Kubernetes quantity such as `512Mi`; absent limit: not set, or not seen. */
  readonly oom?: { readonly limit?: string };
  /** RFC 3339. */
  readonly startedAt?: string;
  /** RFC 3339. */
  readonly finishedAt?: string;
};

/** One fact an end rests on, in words for a person: `pod run-x-abcde: container main terminated`. */
export type Evidence = {
  readonly source: "pod" | "job" | "event" | "policy";
  readonly fact: string;
};

export type NotStartedWhy =
  | "unschedulable"
  | "image"
  | "config"
  | "quota"
  | "admission"
  | "init"
  | "deadline";

export type LostWhy = "evicted" | "preempted" | "node" | "pod-deleted";

/** How a Job ended. `sure`: from the cluster's own proof; otherwise a grace of the policy passed. */
export type JobEnd = { readonly evidence: readonly Evidence[]; readonly sure: boolean } & (
  | { readonly kind: "exited"; readonly exit: ContainerExit }
  /** The program never ran. Words of the scheduler, kubelet or API server, passed on untouched. */
  | {
      readonly kind: "not-started";
      readonly why: NotStartedWhy;
      readonly reason: string;
      readonly message: string;
      /** Of the init container that failed. */
      readonly init?: ContainerExit;
    }
  /** `activeDeadlineSeconds` passed. */
  | { readonly kind: "deadline"; readonly exit?: ContainerExit }
  /** The program's end was not its own, or nobody saw it. */
  | { readonly kind: "lost"; readonly why: LostWhy; readonly exit?: ContainerExit }
  /** The Job was deleted. */
  | { readonly kind: "deleted"; readonly exit?: ContainerExit }
  /** The Job has started a second pod: the program ran, or runs, twice. */
  | { readonly kind: "repeated" }
);

/** The last phase is `ending`: the container has terminated, or its pod or Job is being deleted. */
export type RunPhase = "queued" | "scheduling" | "pulling" | "starting" | "running" | "ending";

/** `end` is always last and comes once. A watch that is aborted, or cannot go on, throws instead. */
export type JobEvent =
  /** `at`: milliseconds of the injected clock. `detail`: the scheduler's or kubelet's words. */
  | {
      readonly type: "phase";
      readonly phase: RunPhase;
      readonly detail?: string;
      readonly at: number;
    }
  /** Something keeps the program from starting. `gracePassesAt` (clock): then it becomes the end. */
  | {
      readonly type: "start-problem";
      readonly reason: string;
      readonly message: string;
      readonly gracePassesAt?: number;
    }
  | { readonly type: "pod"; readonly pod: { readonly name: string; readonly uid?: string } }
  /**
   * The pod's node does not answer (`isLost`), or does so again. The program may go on meanwhile;
   * `gracePassesAt` (clock): then the run counts as lost.
   */
  | {
      readonly type: "node";
      readonly isLost: boolean;
      readonly node?: string;
      readonly message: string;
      readonly gracePassesAt?: number;
    }
  /** The pod's status says terminated. Not yet the end: that also weighs how sure this is, and why it happened. */
  | { readonly type: "exit"; readonly exit: ContainerExit }
  /** The cluster cannot be asked now, for `sinceMs`. Says nothing about the Job. */
  | { readonly type: "blind"; readonly cause: string; readonly sinceMs: number }
  | { readonly type: "end"; readonly end: JobEnd };

/** How a container stands, in the shape that log-stream asks for. */
export type ContainerStanding =
  | { readonly kind: "waiting" | "running" | "unknown" }
  | { readonly kind: "terminated"; readonly containerId?: string }
  | { readonly kind: "gone" };

export type ContainerState = (signal: AbortSignal) => Promise<ContainerStanding>;

export type WatchOptions = {
  /** The container whose exit is the run's. */
  readonly container: string;
  /** Aborting ends the iteration with the signal's reason. */
  readonly signal: AbortSignal;
  /**
   * For a watch that begins before the Job is created: settles with the uid of the create's answer.
   * Until then what is seen under the name is only kept, by uid, and nothing is reported. Settling
   * with `undefined`, or giving no uid anywhere: the first Job seen under the name is the one.
   * A rejection ends the iteration with the same error.
   */
  readonly uid?: Promise<string | undefined>;
};

/** Tells how Jobs stand and end; {@link JobEvent}s come from facts of the cluster, not from silence. */
export interface JobWatcher {
  /**
   * Begins at once, also before the Job exists or after it has ended. Leave the loop or abort the
   * signal to release it.
   * @throws JobWatchError `JOB_WATCH_DENIED` from the iteration, when a right is missing
   */
  watch(job: JobRef, options: WatchOptions): AsyncIterable<JobEvent>;
  /** The present level of a watched Job. */
  state(job: JobRef): JobLevel | undefined;
  /**
   * For a log's follower. Of a watched Job from what is watched, `unknown` while the cluster cannot be
   * asked; of any other by a list of its pods each time, `gone` when there are none.
   */
  containerState(job: JobRef, container: string): ContainerState;
  /** Ends every watch (their iterations throw `JOB_WATCH_CLOSED`), sockets and timers. */
  close(): Promise<void>;
}

/** How long a program may take to start, and what ends the wait. Times in milliseconds. */
export type StartPolicy = {
  /** How long a pod may be missing or without a node. Default 15 minutes: node pools take several to grow. */
  readonly scheduleTimeoutMs?: number;
  /** `wait` (default) up to `scheduleTimeoutMs`: autoscalers and ending Jobs make room; `fail`: end at the scheduler's first no. */
  readonly unschedulable?: "wait" | "fail";
  /**
   * How long a wait may last in which a node is being added for the pod, counted from when that was
   * first heard of; it prolongs `scheduleTimeoutMs`, never shortens it. Default 10 minutes, what a
   * cloud takes for a machine on a bad day.
   */
  readonly scaleUpTimeoutMs?: number;
  /** Image pull errors that may pass by themselves. Default 60,000: registries throttle and hiccup. */
  readonly imageGraceMs?: number;
  /**
   * An image that the registry says is not there, or refuses to give. Default 10,000, the kubelet's
   * first back-off: it has then asked twice. Never longer than `imageGraceMs`.
   */
  readonly imageAbsentGraceMs?: number;
  /** The same for init containers. Default 0: the program cannot run before them, and their images are usually its own. */
  readonly initImageGraceMs?: number;
  /** A missing Secret, ConfigMap, key or service account, a volume that cannot be mounted, a container that cannot be created. Default 30,000: the object may be on its way. */
  readonly configGraceMs?: number;
  /** Pods refused for lack of quota. Default 5 minutes: other runs end and give back theirs. */
  readonly quotaGraceMs?: number;
  /** Pods refused by admission for another reason. Default 30,000: webhooks restart; a policy does not change. */
  readonly admissionGraceMs?: number;
};

/** How long one fact may trail another. Times in milliseconds. How long a log may trail is its follower's own limit. */
export type GracePolicy = {
  /**
   * How long the Job's condition may trail a container that is `terminated` without the runtime's
   * proof, counted from when that was first seen. Default 30,000 (2.4-3.0 s on a healthy cluster).
   * It does not wait for the log: the caller drains that.
   */
  readonly conditionGraceMs?: number;
  /** How long a pod's own word on its end may trail its Job's condition or deletion, and a Job's condition its vanished pod. Default 5,000. */
  readonly podGraceMs?: number;
  /**
   * How long a pod may be Terminating beyond its termination grace period before its node counts as
   * lost. Default 60,000: the kubelet kills at the end of the grace, then cleans up and reports.
   */
  readonly terminatingGraceMs?: number;
  /**
   * How long a lost node may take to come back before the run counts as lost, without knowing that the
   * program has ended. Default 10 minutes: Kubernetes itself gives a node 5 before it deletes its pods.
   */
  readonly nodeLostTimeoutMs?: number;
};

export type JobPolicy = StartPolicy & GracePolicy;

export type WatcherOptions = { readonly policy?: JobPolicy; readonly clock?: Clock };
