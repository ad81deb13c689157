import type { ApiRequest } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import { requestFilter } from "./list-query.ts";
import { apiVersion, type Resource } from "./resources.ts";
import type { Matches } from "./selectors.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { expired, invalid, type StatusError } from "./status-error.ts";
import type { Change } from "./store.ts";
import { tableOf, wantsTable } from "./tables.ts";

type Word = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
type WatchEvent = { readonly type: Word; readonly object: unknown };

/**
 * A watch: what is there first (without a resourceVersion, or as WatchList), then every change that
 * the selectors let through. A version that history has forgotten answers 410 as an ERROR event.
 */
export function watchObjects(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const filter = requestFilter(request, resource);
  const { query } = request;
  const initial = query.get("sendInitialEvents") === "true";
  if (initial) checkWatchList(parts, query);
  const asTable = wantsTable(request);
  const shape = (type: Word, object: KubeObject): WatchEvent => ({
    type,
    object: asTable
      ? tableOf(
          resource,
          [object],
          { resourceVersion: object.metadata.resourceVersion },
          parts.clock.now(),
        )
      : object,
  });
  const watch: Watch = {
    resource,
    filter,
    shape,
    from: query.get("resourceVersion") ?? "",
    initial,
    bookmarks: query.get("allowWatchBookmarks") === "true",
    timeoutMs: Number(query.get("timeoutSeconds") ?? "0") * 1000 || 3_600_000,
  };
  return {
    kind: "stream",
    contentType: "application/json",
    pieces: (signal) => watchEvents(parts, watch, signal),
  };
}

/** Before a watch's own end (apiserver/pkg/storage/cacher: two seconds before its deadline). */
const lastBookmarkMs = 2_000;

interface Watch {
  readonly resource: Resource;
  readonly filter: Matches;
  readonly shape: (type: Word, object: KubeObject) => WatchEvent;
  readonly from: string;
  readonly initial: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

function checkWatchList(parts: ServerParts, query: URLSearchParams): void {
  if (!parts.watchList) {
    throw forbidden(
      "sendInitialEvents",
      "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
    );
  }
  if (query.get("resourceVersionMatch") !== "NotOlderThan") {
    throw forbidden(
      "resourceVersionMatch",
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
}

function forbidden(field: string, why: string): StatusError {
  const options = {
    group: "meta.k8s.io",
    version: "v1",
    plural: "listoptions",
    singular: "listoptions",
    kind: "ListOptions",
    namespaced: false,
  };
  return invalid(options, "", [
    { reason: "FieldValueForbidden", field, message: `Forbidden: ${why}` },
  ]);
}

async function* watchEvents(
  parts: ServerParts,
  watch: Watch,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { store, clock, cache } = parts;
  const fresh = watch.initial || watch.from === "" || watch.from === "0";
  const start = fresh ? cache.version() : Number(watch.from);
  const queue: WatchEvent[] = [];
  const missed = store.since(start);
  if (missed === undefined) {
    yield line({ type: "ERROR", object: expired(start, store.oldest()).body });
    return;
  }
  let wake = nothing;
  const push = (change: Change): void => {
    const event = toEvent(watch, change);
    if (event === undefined) return;
    queue.push(event);
    wake();
  };
  if (fresh) {
    for (const object of cache.list(watch.resource).filter(watch.filter)) {
      queue.push(watch.shape("ADDED", object));
    }
    if (watch.initial) queue.push(bookmark(parts, watch, true));
  }
  // Who is ahead of the cache waits for it.
  const ahead = (change: Change): boolean => change.version > cache.version();
  for (const change of missed) if (!ahead(change)) push(change);
  const unsubscribe = cache.onChange((change) => {
    if (change.version > start) push(change);
  });
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
    wake();
  };
  const cancels = [clock.after(watch.timeoutMs, stop)];
  const mark = (): void => {
    queue.push(bookmark(parts, watch, false));
    wake();
  };
  const remind = (): void => {
    mark();
    cancels[1] = clock.after(parts.bookmarkMs, remind);
  };
  if (watch.bookmarks) {
    cancels[1] = clock.after(parts.bookmarkMs, remind);
    // As the API server does: one more, so that the next watch begins where this one ends.
    if (watch.timeoutMs > lastBookmarkMs)
      cancels[2] = clock.after(watch.timeoutMs - lastBookmarkMs, mark);
  }
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    while (!over.signal.aborted) {
      const events = queue.splice(0);
      if (events.length > 0) yield events.map(line).join("");
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unsubscribe();
    for (const cancel of cancels) cancel();
    signal.removeEventListener("abort", stop);
  }
}

/** What a change is for this watch: an object that stops matching is DELETED, one that begins to is ADDED. */
function toEvent(watch: Watch, change: Change): WatchEvent | undefined {
  if (change.resource !== watch.resource) return undefined;
  const matches = change.type !== "DELETED" && watch.filter(change.object);
  const matched = change.previous !== undefined && watch.filter(change.previous);
  if (!matches && !matched) return undefined;
  if (!matches && change.previous !== undefined) {
    const last = structuredClone(change.type === "DELETED" ? change.object : change.previous);
    last.metadata.resourceVersion = String(change.version);
    return watch.shape("DELETED", last);
  }
  return watch.shape(matched ? "MODIFIED" : "ADDED", change.object);
}

function bookmark(parts: ServerParts, watch: Watch, initialEnd: boolean): WatchEvent {
  const metadata = {
    resourceVersion: String(parts.cache.version()),
    creationTimestamp: null,
    ...(initialEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
  };
  const { resource } = watch;
  return {
    type: "BOOKMARK",
    object: { kind: resource.kind, apiVersion: apiVersion(resource), metadata },
  };
}

function nothing(): void {}

function line(event: WatchEvent): string {
  return `${JSON.stringify(event)}\n`;
}
