/** A pod by name, in the namespace `default` unless it says another. `container` defaults to all of them, or the only one. */
export interface PodTarget {
  readonly namespace?: string;
  readonly name: string;
  readonly container?: string;
}

/**
 * What a kubelet answers as text inside a 200: `no-container` when the runtime has lost the container,
 * `no-file` when its log file is gone, `no-watch` at the end of the file when it has no watches left (only a
 * follow meets it).
 */
export type LogTrouble = "no-container" | "no-file" | "no-watch";

/** Names of signals, as `kill` takes them. */
export type KillSignal =
  | "SIGHUP"
  | "SIGINT"
  | "SIGQUIT"
  | "SIGABRT"
  | "SIGKILL"
  | "SIGSEGV"
  | "SIGTERM";

/** What can be done to the node's containers, their logs and its clock. */
export interface NodeContainers {
  /**
   * Begins a new log file for the running containers of a pod, or of every pod. Only it is read from then
   * on. Returns how many were rotated.
   */
  rotateLogs(pod?: PodTarget): number;
  /**
   * Sends a signal to a running container, as from the node; its restart policy applies. A program is told
   * of SIGTERM; every other signal ends it at once, with 128 and the signal's number as its code.
   *
   * Throws EmulatorError `EMULATOR_OPTION_INVALID` when it does not run.
   */
  killContainer(pod: PodTarget, signal: KillSignal): void;
  /** Logs are read in trouble, of one pod or of all, until disposed. */
  breakLogs(trouble: LogTrouble, pod?: PodTarget): Disposable;
  /** Moves the clock that stamps log records, forward or back, in milliseconds. */
  stepClock(ms: number): void;
}

/** What happens to the node as a whole. */
export interface NodeLife {
  /**
   * The node is away for `forMs`, and its containers run on. The node controller notices after
   * `noticedAfterMs` (default 40; a real one after 50 s): the node's Ready turns Unknown, that of its pods
   * False. After `evictsAfterMs` (default never; a real one after 300 s) its pods are deleted, which they
   * are only when it is back. Resolves then.
   */
  down(
    forMs: number,
    times?: { readonly noticedAfterMs?: number; readonly evictsAfterMs?: number },
  ): Promise<void>;
  /**
   * The kubelet evicts a pod for want of something: Failed at once with reason `Evicted`, its containers
   * killed and then unknown (`ContainerStatusUnknown`).
   *
   * Throws EmulatorError `EMULATOR_OPTION_INVALID` when the pod is on no node.
   */
  evict(pod: PodTarget, message?: string): void;
}
