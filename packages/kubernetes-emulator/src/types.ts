import type { Faults } from "./fault-types.ts";
import type { NodeContainers, NodeLife } from "./node-types.ts";

/** How a program in a container is run. See {@link ProgramContext}; the number is its exit code. */
export type Program = (context: ProgramContext) => Promise<number>;

/** What a program sees of its container. */
export interface ProgramContext {
  /**
   * The program's arguments, `argv[0]` being its name. A container command of the form
   * `sh -c 'exec PROGRAM "$@" < FILE' NAME ARGS…` arrives as `[PROGRAM, ...ARGS]` with FILE as
   * stdin; everything else arrives as `command` followed by `args`.
   */
  readonly argv: readonly string[];
  /** The container's `command` and `args` as the kubelet would exec them, `$(VAR)` expanded. */
  readonly command: readonly string[];
  /** The container's environment: `env` and `envFrom`, resolved. */
  readonly env: Readonly<Record<string, string>>;
  /** Empty unless the command redirects a file. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly workingDir: string;
  readonly pod: PodReference;
  readonly container: string;
  /** A file of a mounted volume. Rejects with `ENOENT` when no mount has it. */
  readFile(path: string): Promise<Uint8Array>;
  /** Writes a file into a mounted emptyDir, for the pod's other containers. Rejects with `EROFS` elsewhere. */
  writeFile(path: string, content: Uint8Array | string): Promise<void>;
  /** Every mounted file by its absolute path, as a child process would find them. */
  files(): Promise<ReadonlyMap<string, Uint8Array>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Aborts when the kubelet sends SIGTERM. A program that goes on is killed after its grace
   * period: from then on its output is dropped and its result ignored.
   */
  readonly signal: AbortSignal;
  /** Aborts when the container is killed, with SIGTERM long past or not. */
  readonly killed: AbortSignal;
  /**
   * Waits. A SIGTERM that comes meanwhile rejects with the signal's reason, so a program that does
   * not catch it ends with code 143. Later sleeps wait again, until the kill.
   */
  sleep(ms: number): Promise<void>;
  /** Ends the container as the kernel's OOM killer does: code 137, reason `OOMKilled`. Never returns. */
  oomKill(): never;
}

/** A container's output. Records are cut as containerd does: at newlines and every 16 KiB. */
export interface Output {
  write(data: Uint8Array | string): void;
}

export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * How long things take, in milliseconds. The defaults are short but keep the order a real cluster
 * was measured to have: status `terminated`, then the log's end, then the Job's conditions.
 */
export interface Latency {
  /** Pod created → bound to a node. Default 1. */
  readonly schedulingMs: number;
  /** Bound → image there. Default 2. */
  readonly pullMs: number;
  /** Image there → container running. Default 2. */
  readonly startMs: number;
  /** Program exits → `terminated` in the pod's status. Default 3 (real: 270–950). */
  readonly statusMs: number;
  /** `terminated` in the status → a terminal phase. Default 2. */
  readonly phaseMs: number;
  /** Program exits → an open log follow ends. Default 8 (real: 1,000). */
  readonly logEndMs: number;
  /** The pod's end in its status → the Job's interim condition. Default 12 (real: 1,000–2,000). */
  readonly jobSyncMs: number;
  /** Interim → terminal Job condition. Default 2. */
  readonly jobConditionMs: number;
  /** Between two tries of what failed (image, missing Secret, scheduling). Default 20. */
  readonly retryMs: number;
}

/** A node that pods can be put on. */
export interface NodeOptions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Kubernetes quantities. Default `{ cpu: "4", memory: "8Gi", pods: "110" }`. */
  readonly capacity?: Readonly<Record<string, string>>;
}

export interface EmulatorOptions {
  /** HTTPS with a certificate authority made at start. Default false: plain HTTP. */
  readonly tls?: boolean;
  /** TCP port on 127.0.0.1. Default 0: a free one. */
  readonly port?: number;
  /** Default: one node `emulator-node`. An empty list leaves every pod unschedulable. */
  readonly nodes?: readonly NodeOptions[];
  /** Namespaces beside `default` and `kube-system`. */
  readonly namespaces?: readonly string[];
  /** Seeds uids and name suffixes. Default 1. */
  readonly seed?: number;
  readonly latency?: Partial<Latency>;
  /**
   * Folders of this machine that claims hold, by `NAMESPACE/CLAIM`. They are read when a pod's volumes are set
   * up, and never written to. A claim without one is empty.
   */
  readonly claimFolders?: Readonly<Record<string, string>>;
  /** Rotate a container's log when it is larger, in bytes. Default 10 MiB. */
  readonly logMaxBytes?: number;
  /** The node's zone, in which log timestamps are printed: `Z` (default) or an offset such as `+02:00`. */
  readonly logZone?: string;
  /** The grain of the clock that stamps log records, ms. Default 0: to the nanosecond, no two alike. */
  readonly logClockGrainMs?: number;
  /** A kubelet ends every log answer after so long, ms. Default 4 hours, as it does. */
  readonly logFollowLimitMs?: number;
  readonly quirks?: Quirks;
  /** Changes remembered for watches; older resourceVersions answer 410. Default 10,000. */
  readonly historyLimit?: number;
  /** Between two watch bookmarks, ms. Default 60,000. */
  readonly bookmarkMs?: number;
  /** Answer WatchList (`sendInitialEvents`). Off, it answers 422 as servers without the gate. Default true. */
  readonly watchList?: boolean;
}

/** What real clusters do at times. Everything is off by default. */
export interface Quirks {
  /** Every follow misses its first rotation, as one that is rotated before its first end of file does. */
  readonly stuckFollow?: boolean;
  /**
   * How far, in ms, watches and lists from the cache (`resourceVersion=0`) trail what was written, as with
   * a busy etcd. Other reads see everything.
   */
  readonly watchCacheLagMs?: number;
}

/** A right that is missing. What a field leaves out matches everything. */
export interface DenyRule {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

/** One request the server was asked, in order of arrival. */
export interface RequestRecord {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Kubernetes' word: get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly userAgent?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The answer's status, once it began. */
  status?: number;
  /** True once the answer ended or its connection closed. */
  ended: boolean;
}

/** What can be done to the node from outside. */
export interface NodeControl extends NodeContainers, NodeLife {
  /**
   * Cuts every open log follow: `clean` ends the chunked body properly, as the API server does when
   * its kubelet goes away; `reset` destroys the socket mid-body. Returns how many were cut.
   */
  cutLogStreams(how: "clean" | "reset"): number;
  /**
   * The kubelet goes away and comes back, as measured: follows end cleanly; logs answer 500 for
   * `downMs` (default 20), then 404 for `unknownMs` (default 10); containers run on and pod statuses
   * wait. Resolves when it is back.
   */
  restartKubelet(times?: { readonly downMs?: number; readonly unknownMs?: number }): Promise<void>;
}

/** A running emulator. Disposing ends its sockets, timers and programs. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` or `https://…`. */
  readonly url: string;
  /** YAML for client-node, kubectl and anything else. */
  readonly kubeConfig: string;
  /** Containers of this image run this program, from now on. An image without program cannot be pulled. */
  program(image: string, program: Program): void;
  /** Takes a right away from everyone, until disposed: matching requests answer 403. */
  deny(rule: DenyRule): Disposable;
  readonly node: NodeControl;
  /** What goes wrong between a client and the API. */
  readonly faults: Faults;
  /** What was asked, in order; the latest 10,000. */
  readonly requests: readonly RequestRecord[];
  /** Open TCP connections. */
  connections(): number;
}
