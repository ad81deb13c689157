import type { Clock } from "./clock.ts";
import { deleteObject } from "./deletion.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Change, Store } from "./store.ts";

/**
 * Owner references ("Garbage Collection"): dependents of what is gone go too, in the background; the
 * finalizers `foregroundDeletion` and `orphan` are worked off; namespaces are emptied.
 */
export function startGarbageCollector(store: Store, clock: Clock): () => void {
  const concerned = new Set<string>();
  const plan = (uids: readonly string[]): void => {
    if (uids.length === 0) return;
    if (concerned.size === 0) clock.after(0, work);
    for (const uid of uids) concerned.add(uid);
  };
  const work = (): void => {
    const uids = [...concerned];
    concerned.clear();
    for (const uid of uids) {
      const object = store.index.get(uid);
      if (object !== undefined) collect(store, clock, object);
    }
  };
  return store.onChange((change) => plan(concernedBy(store, change)));
}

/** Uids of the objects for which a change may be a reason to go, or to be let go. */
function concernedBy(store: Store, { type, object, previous }: Change): string[] {
  const { uid, namespace, deletionTimestamp, ownerReferences = [] } = object.metadata;
  const owners = ownerReferences.map((owner) => owner.uid);
  if (type === "DELETED") {
    const place = store.namespaces.get(undefined, namespace ?? "");
    const emptied = place?.metadata.deletionTimestamp === undefined ? [] : [place.metadata.uid];
    return [...store.index.ownedBy(uid).map((one) => one.metadata.uid), ...owners, ...emptied];
  }
  const before = previous?.metadata.ownerReferences ?? [];
  const isMoved = JSON.stringify(before) !== JSON.stringify(ownerReferences);
  return isMoved
    ? [uid, ...owners, ...before.map((owner) => owner.uid)]
    : deletionTimestamp === undefined
      ? []
      : [uid];
}

function collect(store: Store, clock: Clock, object: KubeObject): void {
  const { metadata } = object;
  const owners = metadata.ownerReferences ?? [];
  if (owners.length > 0 && owners.every((owner) => store.index.get(owner.uid) === undefined)) {
    if (metadata.deletionTimestamp === undefined)
      deleteObject(store, clock, object, { propagation: "Background" });
  }
  if (metadata.deletionTimestamp === undefined) return;
  const owned = store.index.ownedBy(metadata.uid);
  if (metadata.finalizers?.includes("orphan") === true) orphan(store, object, owned);
  if (metadata.finalizers?.includes("foregroundDeletion") === true)
    foreground(store, clock, { object, owned });
  if (object.kind === "Namespace") empty(store, clock, object);
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
