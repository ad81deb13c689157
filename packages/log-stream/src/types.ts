import type { Clock } from "@claude-k8s/kube-http";
import type { LogCursor } from "./cursor.ts";

/** The container whose log is followed. */
export type LogTarget = {
  readonly namespace: string;
  readonly pod: string;
  /** Tells this pod from a later one of the same name. */
  readonly uid?: string;
  readonly container: string;
};

export type LogLine = {
  /** From 1, over all connections and, with a cursor, over all processes. */
  readonly number: number;
  /** As the kubelet printed it: RFC 3339 with nanoseconds, in the node's zone. Absent when the source gives none. */
  readonly time?: string;
  /** Without its final newline; a carriage return is kept. */
  readonly text: string;
  /** Longer than `maxLineBytes`: this is its head. */
  readonly truncated?: true;
  /** The last line of a log that does not end in a newline. */
  readonly noNewline?: true;
  /** The first after a gap; it may be the tail of a longer line. */
  readonly afterGap?: true;
};

/** `end` is always last. A follow that is aborted, or cannot go on, throws instead. */
export type LogEvent =
  | { readonly type: "stream-open"; readonly attempt: number }
  /** A connection ended and the log had not. For telling people; nobody needs to act on it. */
  | { readonly type: "stream-drop"; readonly cause: string; readonly retryInMs: number }
  /** What one read brought, and where to resume after it. */
  | { readonly type: "lines"; readonly lines: readonly LogLine[]; readonly cursor: LogCursor }
  /**
   * Lines between the two times may be missing: the log was rotated away, the one of a container that was
   * started again cannot be had, or the kubelet was held back (`possible`; then `after` is not known). Or a whole
   * container came and went unread between two looks (`certain`).
   */
  | {
      readonly type: "gap";
      readonly certainty: "possible" | "certain";
      readonly after?: string;
      readonly before?: string;
    }
  /** A line of the answer that the container did not write: the kubelet's own complaint. */
  | { readonly type: "server-message"; readonly text: string }
  /** The container was started again: the lines that follow are this new one's, from its start. */
  | { readonly type: "restart"; readonly containerId: string }
  /**
   * While the consumer was blocked, so many bytes were put aside in a temporary file, and come now. `problem`: the
   * file could not be written, so that from now on the connection is held back instead.
   */
  | { readonly type: "spool"; readonly bytes: number; readonly problem?: string }
  | {
      readonly type: "end";
      /** `verified`: the container has ended and a last read found nothing beyond what was delivered. */
      readonly proof: "verified" | "unverified";
      readonly reason: string;
      /** How many lines were delivered in all. */
      readonly lines: number;
      readonly cursor?: LogCursor;
    };

export type LogRequest = {
  readonly follow: boolean;
  /** Counts records of the raw file from its end, not lines (a long line is several records). Absent: the whole file. */
  readonly tailLines?: number;
  /** The log of the container before the last restart. */
  readonly previous?: boolean;
  readonly signal: AbortSignal;
};

export type LogAnswer =
  /** `unknown`: whether lines carry a timestamp is decided by the first complete line. */
  | {
      readonly kind: "open";
      readonly body: AsyncIterable<Uint8Array>;
      readonly timestamps: true | "unknown";
    }
  /** The pod has no node yet, or the container has not started. */
  | { readonly kind: "not-started"; readonly message: string }
  /** Says nothing about the pod: a kubelet that has just restarted answers so while the pod runs. */
  | { readonly kind: "not-found" }
  | { readonly kind: "busy"; readonly retryAfterMs?: number }
  /** Any other HTTP answer; `status` is 0 when there was none. */
  | { readonly kind: "failed"; readonly status: number; readonly message: string };

/** Where log bytes come from. `body` throws when the connection is cut; a clean end proves nothing. */
export interface LogSource {
  open(target: LogTarget, request: LogRequest): Promise<LogAnswer>;
}

/**
 * How the container stands, as the cluster tells it. `terminated`: for good; one that the kubelet will start again
 * is `waiting`. `unknown`: could not be established now.
 */
export type ContainerStanding =
  | (ContainerInstance & { readonly kind: "waiting" | "running" | "unknown" })
  | (ContainerInstance & { readonly kind: "terminated" })
  | { readonly kind: "gone" };

/** Needed for restarts only; without it they are not noticed. */
export type ContainerInstance = {
  /** The runtime's id of the container that ran last: the one whose log is served. */
  readonly containerId?: string;
  /** The one before it: its log is the `previous` one. */
  readonly previousId?: string;
  /** The kubelet starts the container again when it ends. */
  readonly mayRestart?: boolean;
};

export type ContainerState = (signal: AbortSignal) => Promise<ContainerStanding>;

export type FollowLimits = {
  /** A longer line is cut to this and marked. Default 16 MiB. */
  readonly maxLineBytes?: number;
  /** A batch is handed over at the latest when it holds this much. Default 256 KiB. */
  readonly maxBatchBytes?: number;
  /** First pause before connecting again; doubles with each fruitless attempt, with jitter. Default 250. */
  readonly retryBaseMs?: number;
  /** Longest such pause, and longest pause while the container has not started. Default 3,000. */
  readonly retryMaxMs?: number;
  /** Nothing but failed answers for so long: `LOG_STREAM_GAVE_UP`. Default 30 minutes. */
  readonly giveUpAfterMs?: number;
  /**
   * How long last reads may find new bytes, or be refused, after the container ended. Counted while the API server
   * answers; `giveUpAfterMs` is for one that does not. Default 30,000.
   */
  readonly lastReadsMs?: number;
  /**
   * Silence after which the container's state is asked, and, less and less often, whether the log has lines that
   * the stream does not show. Silence alone never ends a stream. Default 8,000: a kubelet looks for logs to rotate
   * every 10 s, and one that is held back over two rotations loses lines.
   */
  readonly quietMs?: number;
  /**
   * A consumer that is so far behind holds the kubelet's reader back no more: what comes is put aside on disk.
   * Default 5,000, half of the time in which a kubelet may rotate a log once.
   */
  readonly spoolAfterMs?: number;
  /**
   * How much may be put aside; beyond it, and with 0 at once, a connection that was held back for `spoolAfterMs` is
   * dropped, and resumed by position. Default 256 MiB.
   */
  readonly spoolMaxBytes?: number;
};

export type FollowOptions = {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly containerState: ContainerState;
  /** Resume after this; lines before it are not delivered again. */
  readonly from?: LogCursor;
  /** Aborting ends the iteration with the signal's reason, and frees socket and timers. */
  readonly signal: AbortSignal;
  readonly limits?: FollowLimits;
  /** Where the temporary file of a blocked consumer goes. Default: the system's folder for such. */
  readonly spoolFolder?: string;
  /** Default: the real one. */
  readonly clock?: Clock;
};
