import type { RequestOptions } from "node:https";
import type { Clock } from "./clock.ts";
import type { KubeHttpError } from "./errors.ts";

/**
 * The two members of `@kubernetes/client-node`'s `KubeConfig` that are used here; 1.x and 2.x
 * both fit, and so does anything else of this shape.
 */
export interface KubeConfigLike {
  /** The cluster of the current context; `null` when there is none. */
  getCurrentCluster(): {
    readonly server: string;
    readonly proxyUrl?: string | undefined;
  } | null;
  /** Adds TLS material and credentials. Called anew for every request, so tokens stay fresh. */
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

export type KubeHttpOptions = {
  /**
   * Requests under way at a time; more wait for their turn, and what they wait counts for none of the limits
   * below. Streams have no part in this. Default 16: an API server that is well answers thousands a second so.
   */
  readonly requestsAtOnce?: number;
  /** Limit for one attempt of a request, from when it is sent to the last byte. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Limit for the answer's headers, connecting included, also of streams. Default 15,000. */
  readonly headerTimeoutMs?: number;
  /**
   * No further attempt starts later than this after the first one. 0: one attempt. Default 10,000. Also how
   * long a server that is not ready is waited for before its 403 is believed.
   */
  readonly retryBudgetMs?: number;
  /** Streams opened per second over the life of this object, so that no storm follows an outage. Default 50. */
  readonly openPerSecond?: number;
  /** Default `claude-k8s-kube-http`. */
  readonly userAgent?: string;
  /**
   * Told of each failed attempt that is followed by another one, before the wait for it: for counting. Called
   * while the request goes on, so it should be quick; what it throws ends the request. Default: nobody is told.
   *
   * Not told: the second question after a 403 (an API server that has just started), and the one after a 401
   * with fresh credentials. Neither waits for a server that has trouble.
   */
  readonly onRetry?: (retry: KubeRetry) => void;
  /** Default: the real one. */
  readonly clock?: Clock;
};

/** An attempt of a request that failed, and is followed by another one. */
export type KubeRetry = {
  readonly method: KubeRequest["method"];
  readonly path: string;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** Why: `KUBE_UNREACHABLE`, `KUBE_OVERLOADED` or `KUBE_UNEXPECTED`, with the HTTP status where there was one. */
  readonly error: KubeHttpError;
  /** How long the next attempt is waited for. */
  readonly waitMs: number;
};

export type KubeQuery = Readonly<Record<string, string | number | boolean | undefined>>;

export type KubeRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the server's address, such as `/api/v1/namespaces/x/pods`; segments percent-encoded by the caller. */
  readonly path: string;
  /** Members that are `undefined` are left out. */
  readonly query?: KubeQuery;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`; a patch must name its kind. */
  readonly contentType?: string;
  /**
   * Whether the request may be sent again although an earlier attempt may have been carried out.
   * Default: true for GET, false for everything else.
   */
  readonly repeatable?: boolean;
  /** Whether it goes before requests that wait for their turn. Default false. */
  readonly urgent?: boolean;
  readonly signal: AbortSignal;
};

/** The parts of a Kubernetes `Status` object that say why something was refused. */
export type KubeStatus = {
  /** The HTTP status. */
  readonly code: number;
  /** Kubernetes' CamelCase word, such as `AlreadyExists`. */
  readonly reason?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** What a healthy API server may say to a correct request. Everything else is thrown. */
export type KubeAnswer<T> =
  | { readonly kind: "ok"; readonly body: T; readonly resourceVersion?: string }
  /** 404 with a `Status` of the API server. */
  | { readonly kind: "not-found"; readonly status?: KubeStatus }
  /** 409: `status.reason` tells `AlreadyExists` from `Conflict`. */
  | { readonly kind: "conflict"; readonly status: KubeStatus }
  /** 410: the resourceVersion is too old. */
  | { readonly kind: "gone"; readonly status?: KubeStatus }
  /** 400 and 422: the server understood and refused what was sent. */
  | { readonly kind: "invalid"; readonly status: KubeStatus };

export type KubeOpen = {
  /** As in {@link KubeRequest}. The method is GET. */
  readonly path: string;
  readonly query?: KubeQuery;
  readonly signal: AbortSignal;
  /** Silence after which the stream is cut with `KUBE_UNREACHABLE`. Default: none, silence is no fault. */
  readonly idleTimeoutMs?: number;
};

/** An answer with a body to be read as it comes. Every HTTP status is reported here, none is thrown. */
export interface KubeStream {
  readonly status: number;
  /**
   * The bytes, once. Leaving the loop frees the socket. Ends where the server ended it; throws
   * {@link KubeHttpError} on a cut, the signal's reason on abort. Empty unless `status` is 2xx.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** True once the answer has come whole: tells the server's own end from a cut. */
  complete(): boolean;
  /** What the server said, at most 2,000 characters; only when `status` is not 2xx. */
  readonly message?: string;
  /** Only when `status` is not 2xx. */
  readonly reason?: string;
  /** From `Retry-After`. */
  readonly retryAfterMs?: number;
}

export interface KubeHttp {
  /**
   * One request, its JSON answer. Reads are tried again inside the retry budget (full jitter,
   * `Retry-After` is kept); a write only if `repeatable`, if no connection could be made, or
   * if it was turned away by 429.
   * @throws KubeHttpError
   */
  request<T>(request: KubeRequest): Promise<KubeAnswer<T>>;
  /**
   * Opens a log or a watch on a socket of its own. Not tried again: who follows a stream knows
   * better when.
   * @throws KubeHttpError when there is no HTTP answer
   */
  open(request: KubeOpen): Promise<KubeStream>;
  /** Ends every request and stream, closes every socket; later calls fail with `KUBE_CLOSED`. */
  close(): void;
}
