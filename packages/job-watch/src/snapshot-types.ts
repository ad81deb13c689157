import type { ContainerExit } from "./types.ts";

/** A condition that is true, or (pods) one that says why it is false. */
export type Condition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
};

/** What is kept of a Job. Whatever is absent is unknown, never "none" or "another". */
export type JobSnapshot = {
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Those that say who supervises the Job and that its stop was asked for. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deleting: boolean;
  readonly suspended: boolean;
  /** `foregroundDeletion`, `orphan` and the like: what its deletion waits for. */
  readonly finalizers?: readonly string[];
  readonly ttlSeconds?: number;
  readonly conditions: readonly Condition[];
};

export type ContainerSnapshot = {
  readonly name: string;
  readonly id?: string;
  readonly memoryLimit?: string;
  readonly ready?: true;
  readonly state:
    | { readonly kind: "waiting"; readonly reason?: string; readonly message?: string }
    | { readonly kind: "running"; readonly startedAt?: string }
    /**
     * `proven`: it carries `containerID` or `finishedAt`, as the kubelet writes them from the
     * runtime's word. A status made up because the container was lost (`ContainerStatusUnknown`)
     * is never proven.
     */
    | { readonly kind: "terminated"; readonly exit: ContainerExit; readonly proven: boolean };
};

/** What is kept of a node. `gone`: the API server says there is none of this name. */
export type NodeSnapshot = {
  readonly name: string;
  readonly ready: "True" | "False" | "Unknown" | "gone";
  readonly message?: string;
};

/** What is kept of an event. */
export type EventSnapshot = {
  readonly reason: string;
  readonly message: string;
};

/** What is kept of a pod. */
export type PodSnapshot = {
  readonly name: string;
  readonly uid?: string;
  /** Uid of the Job that controls it. */
  readonly jobUid?: string;
  readonly jobName?: string;
  readonly resourceVersion?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  readonly node?: string;
  readonly restartPolicy?: string;
  readonly terminationGraceSeconds?: number;
  readonly deleting: boolean;
  /** What its deletion gives it, which may differ from its own period. */
  readonly deletionGraceSeconds?: number;
  /** What its deletion waits for, without the Job controller's own. */
  readonly finalizers?: readonly string[];
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions: readonly Condition[];
  readonly containers: readonly ContainerSnapshot[];
  /** Without sidecars: the exit of a sidecar means nothing. */
  readonly initContainers: readonly ContainerSnapshot[];
};
