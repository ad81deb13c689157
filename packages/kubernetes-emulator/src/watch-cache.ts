import type { Clock } from "./clock.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Resource } from "./resources.ts";
import type { Change, Store } from "./store.ts";

/** What the API server serves watches and cheap lists from: it trails the store, by default not at all. */
export interface WatchCache {
  /** How far it has come. */
  version(): number;
  /** The objects of a resource as it has them. */
  list(resource: Resource, namespace?: string): KubeObject[];
  onChange(listener: (change: Change) => void): () => void;
}

export function createWatchCache(store: Store, clock: Clock, lagMs: number): WatchCache {
  if (lagMs === 0)
    return {
      version: () => store.version(),
      list: (resource, namespace) => store.table(resource).list(namespace),
      onChange: (listener) => store.onChange(listener),
    };
  let version = store.version();
  const listeners = new Set<(change: Change) => void>();
  // Each change waits for as long, so they come in order.
  store.onChange((change) => {
    clock.after(lagMs, () => {
      version = change.version;
      for (const listener of listeners) listener(change);
    });
  });
  return {
    version: () => version,
    list: (resource, namespace) => {
      const objects = new Map(
        store
          .table(resource)
          .values()
          .map((one) => [keyOf(one), one]),
      );
      // What came later is taken back, the latest first.
      for (const change of (store.since(version) ?? []).toReversed()) {
        if (change.resource !== resource) continue;
        if (change.previous === undefined) objects.delete(keyOf(change.object));
        else objects.set(keyOf(change.object), change.previous);
      }
      return [...objects.values()].filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      );
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
