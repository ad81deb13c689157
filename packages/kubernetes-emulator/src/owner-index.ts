import type { KubeObject } from "./kube-object.ts";

/** Who is there, by uid, and who is owned by whom: so that nobody has to look through everything. */
export interface OwnerIndex {
  /** Takes in that an object is there now, as it is. */
  put(object: KubeObject): void;
  take(object: KubeObject): void;
  /** The object of this uid as it is now. */
  get(uid: string): KubeObject | undefined;
  /** Objects with an owner reference to this uid, whether there is such an owner or not. */
  ownedBy(uid: string): KubeObject[];
}

export function createOwnerIndex(): OwnerIndex {
  const objects = new Map<string, KubeObject>();
  const owned = new Map<string, Set<string>>();
  const unlink = (object: KubeObject): void => {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = owned.get(owner.uid);
      dependents?.delete(object.metadata.uid);
      if (dependents?.size === 0) owned.delete(owner.uid);
    }
  };
  return {
    put(object) {
      const { uid, ownerReferences = [] } = object.metadata;
      const before = objects.get(uid);
      if (before !== undefined) unlink(before);
      objects.set(uid, object);
      for (const owner of ownerReferences) {
        const dependents = owned.get(owner.uid) ?? new Set();
        dependents.add(uid);
        owned.set(owner.uid, dependents);
      }
    },
    take(object) {
      const before = objects.get(object.metadata.uid);
      if (before !== undefined) unlink(before);
      objects.delete(object.metadata.uid);
    },
    get: (uid) => objects.get(uid),
    ownedBy: (uid) =>
      [...(owned.get(uid) ?? [])].flatMap((dependent) => objects.get(dependent) ?? []),
  };
}
