import type { Clock } from "./clock.ts";
import { deleteObject } from "./deletion.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Store } from "./store.ts";

/**
 * Owner references ("Garbage Collection"): dependents of what is gone go too, in the background; the
 * finalizers `foregroundDeletion` and `orphan` are worked off; namespaces are emptied.
 */
export function startGarbageCollector(store: Store, clock: Clock): () => void {
  let planned = false;
  const plan = (): void => {
    if (planned) return;
    planned = true;
    clock.after(0, () => {
      planned = false;
      collect(store, clock);
    });
  };
  return store.onChange((change) => {
    const { metadata } = change.object;
    const matters = change.type === "DELETED" || metadata.deletionTimestamp !== undefined;
    if (matters || (change.type === "ADDED" && metadata.ownerReferences !== undefined)) plan();
  });
}

function collect(store: Store, clock: Clock): void {
  const objects = [...store.all()].flatMap((table) => table.values());
  const byUid = new Map(objects.map((object) => [object.metadata.uid, object]));
  const dependents = new Map<string, KubeObject[]>();
  for (const object of objects) {
    for (const owner of object.metadata.ownerReferences ?? []) {
      dependents.set(owner.uid, [...(dependents.get(owner.uid) ?? []), object]);
    }
  }
  for (const object of objects) {
    const { metadata } = object;
    const owners = metadata.ownerReferences ?? [];
    if (owners.length > 0 && owners.every((owner) => !byUid.has(owner.uid))) {
      if (metadata.deletionTimestamp === undefined)
        deleteObject(store, clock, object, { propagation: "Background" });
    }
    if (metadata.deletionTimestamp === undefined) continue;
    const owned = dependents.get(metadata.uid) ?? [];
    if (metadata.finalizers?.includes("orphan") === true) orphan(store, object, owned);
    if (metadata.finalizers?.includes("foregroundDeletion") === true)
      foreground(store, clock, { object, owned });
    if (object.kind === "Namespace") empty(store, clock, object);
  }
}

function orphan(store: Store, object: KubeObject, owned: readonly KubeObject[]): void {
  for (const dependent of owned) {
    tableOf(store, dependent).change(dependent, (draft) => {
      const left =
        draft.metadata.ownerReferences?.filter((one) => one.uid !== object.metadata.uid) ?? [];
      draft.metadata.ownerReferences = left;
      if (left.length === 0) delete draft.metadata.ownerReferences;
    });
  }
  dropFinalizer(store, object, "orphan");
}

/** Deletes what is owned, and waits for those dependents that block the owner. */
function foreground(
  store: Store,
  clock: Clock,
  one: { readonly object: KubeObject; readonly owned: readonly KubeObject[] },
): void {
  const blocks = (dependent: KubeObject): boolean =>
    dependent.metadata.ownerReferences?.some(
      (owner) => owner.uid === one.object.metadata.uid && owner.blockOwnerDeletion === true,
    ) === true;
  for (const dependent of one.owned) {
    if (dependent.metadata.deletionTimestamp === undefined) {
      deleteObject(store, clock, dependent, { propagation: "Background" });
    }
  }
  const left = one.owned.filter((dependent) => {
    const { namespace, name, uid } = dependent.metadata;
    return (
      blocks(dependent) && tableOf(store, dependent).get(namespace, name)?.metadata.uid === uid
    );
  });
  if (left.length === 0) dropFinalizer(store, one.object, "foregroundDeletion");
}

function dropFinalizer(store: Store, object: KubeObject, finalizer: string): void {
  tableOf(store, object).change(object, (draft) => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
  });
}

function empty(store: Store, clock: Clock, namespace: KubeObject): void {
  const inside = [...store.all()].flatMap((table) => table.list(namespace.metadata.name));
  for (const object of inside) {
    if (object.metadata.deletionTimestamp === undefined) {
      deleteObject(store, clock, object, { propagation: "Background" });
    }
  }
  if (inside.length === 0) dropFinalizer(store, namespace, "kubernetes");
}

function tableOf(store: Store, object: KubeObject): ReturnType<Store["table"]> {
  for (const table of store.all()) if (table.resource.kind === object.kind) return table;
  throw new Error(`no table for ${object.kind}`);
}
