import { type KubeHttp, KubeHttpError } from "@claude-k8s/kube-http";
import type { RawMetadata } from "./kube-objects.ts";
import { present } from "./present.ts";
import { watchMessages } from "./watch-lines.ts";

export type Kind = {
  readonly path: string;
  readonly labelSelector: string;
  /** The names that are of interest now, where objects have names that are known beforehand. */
  readonly names?: () => ReadonlySet<string>;
};

export type RawObject = { readonly metadata?: RawMetadata };

/** What a reflector learns; every object is of its kind. `K`: what is kept of one. */
export interface Sink<T, K> {
  /** Objects are a hundred times what is kept of them, so they are let go of as they come. */
  slim(item: T): K;
  /** All there is, now. */
  replace(items: readonly K[]): void;
  /** All there is of this name. */
  replaceNamed(name: string, items: readonly K[]): void;
  change(item: K): void;
  /** Deleted, or no longer selected: its last state. */
  remove(item: K): void;
  /** The cluster cannot be asked. */
  blind(cause: string): void;
  /** It can be asked, and had nothing else to say. */
  sighted(): void;
}

/** How one watch ended. `version`: where to go on; absent: not at all known. */
export type WatchEnd =
  | { readonly kind: "ended"; readonly version?: string; readonly messages: number }
  | {
      readonly kind: "failed";
      readonly version?: string;
      readonly messages: number;
      readonly cause: string;
      /** The watch had begun. */
      readonly connected: boolean;
      /** Something answered, if only with a refusal. */
      readonly answered: boolean;
    }
  /** The version is too old: everything must be read anew. */
  | { readonly kind: "expired" }
  /** The server does not know this kind of request. */
  | { readonly kind: "refused"; readonly cause: string }
  | { readonly kind: "denied"; readonly cause: string };

/** Without a byte for so long a watch is dead: bookmarks come about once a minute. */
const silentMs = 150_000;

/**
 * One watch to its end. Without a `version` it asks for the present objects first (WatchList) and
 * hands them over when the server says that these are all.
 * @throws the signal's reason, or what is no fault of the network
 */
export async function watchOnce<T extends RawObject, K>(
  http: KubeHttp,
  kind: Kind,
  sink: Sink<T, K>,
  { version, timeoutSeconds, name, signal }: WatchRequest,
): Promise<WatchEnd> {
  const initial = version === undefined;
  const query = {
    watch: true,
    labelSelector: kind.labelSelector,
    fieldSelector: name === undefined ? undefined : `metadata.name=${name}`,
    allowWatchBookmarks: true,
    timeoutSeconds,
    ...(initial
      ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
      : { resourceVersion: version }),
  };
  const state: State<K> = { version, messages: 0, first: initial ? [] : undefined };
  let connected = false;
  try {
    const stream = await http.open({ path: kind.path, query, signal, idleTimeoutMs: silentMs });
    if (stream.status !== 200) return refusal(stream.status, stream.message ?? "");
    connected = true;
    if (!initial) sink.sighted();
    for await (const message of watchMessages(stream.body)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the kind that was asked for
      const end = take(state, message.type, message.object as T | undefined, sink);
      if (end !== undefined) return end;
    }
    return { kind: "ended", ...position(state) };
  } catch (error) {
    signal.throwIfAborted();
    if (isFinal(error)) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    const answered = connected || !isUnreachable(error);
    return { kind: "failed", ...position(state), cause, connected, answered };
  }
}

type WatchRequest = {
  readonly version: string | undefined;
  readonly timeoutSeconds: number;
  /** Only the object of this name. */
  readonly name?: string;
  readonly signal: AbortSignal;
};

type State<K> = {
  version: string | undefined;
  messages: number;
  /** Collects the present objects until the server says that these are all. */
  first: K[] | undefined;
};

/** A position is worth something only once all present objects have come. */
function position<K>({ version, messages, first }: State<K>): {
  version?: string;
  messages: number;
} {
  return { messages, ...present({ version: first === undefined ? version : undefined }) };
}

function take<T extends RawObject, K>(
  state: State<K>,
  type: string,
  object: T | undefined,
  sink: Sink<T, K>,
): WatchEnd | undefined {
  if (type === "ERROR") return errorEnd(state, object);
  const { resourceVersion, annotations } = object?.metadata ?? {};
  if (object === undefined || resourceVersion === undefined)
    return {
      kind: "failed",
      ...position(state),
      cause: `a ${type} without a version`,
      connected: true,
      answered: true,
    };
  state.version = resourceVersion;
  state.messages++;
  if (type === "BOOKMARK") {
    if (state.first !== undefined && annotations?.["k8s.io/initial-events-end"] === "true") {
      sink.sighted();
      sink.replace(state.first);
      state.first = undefined;
    } else sink.sighted();
  } else if (state.first !== undefined) state.first.push(sink.slim(object));
  else if (type === "DELETED") sink.remove(sink.slim(object));
  else sink.change(sink.slim(object));
  return undefined;
}

function errorEnd<K>(state: State<K>, object: unknown): WatchEnd {
  const { code, message = "" } = (object ?? {}) as { code?: number; message?: string };
  if (code === 410) return { kind: "expired" };
  return {
    kind: "failed",
    ...position(state),
    cause: `ERROR ${code ?? ""} ${message}`.trim(),
    connected: true,
    answered: true,
  };
}

function refusal(status: number, message: string): WatchEnd {
  const cause = `answered ${status}: ${message}`;
  if (status === 410) return { kind: "expired" };
  if (status === 403) return { kind: "denied", cause };
  if (status === 400 || status === 422) return { kind: "refused", cause };
  return { kind: "failed", messages: 0, cause, connected: false, answered: true };
}

function isUnreachable(error: unknown): boolean {
  return KubeHttpError.isInstance(error) && error.code === "KUBE_UNREACHABLE";
}

/** A closed client stays closed. Garbage on the wire is a SyntaxError; other built-in errors are ours. */
function isFinal(error: unknown): boolean {
  if (KubeHttpError.isInstance(error)) return error.code === "KUBE_CLOSED";
  return error instanceof TypeError || error instanceof RangeError;
}
