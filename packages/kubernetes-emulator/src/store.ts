import type { DataObject, Job, KubeObject, Node, Pod } from "./kube-object.ts";
import { createOwnerIndex, type OwnerIndex } from "./owner-index.ts";
import { resources, type Resource } from "./resources.ts";
import { alreadyExists } from "./status-error.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly version: number;
}

/** The objects of one resource. Objects handed out are not to be modified. */
export interface Table<T extends KubeObject> {
  readonly resource: Resource;
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  /** All of them in no order, for who only looks through them. */
  values(): T[];
  /** Refuses a taken name with 409. */
  add(object: T): T;
  /**
   * Lets `edit` change a copy. Nothing happens when the copy stays equal; an object that awaits
   * deletion and lost its last finalizer goes. Answers what is stored, or was stored last.
   */
  change(object: T, edit: (draft: T) => void): T | undefined;
  remove(object: KubeObject): void;
}

export interface Store {
  readonly jobs: Table<Job>;
  readonly pods: Table<Pod>;
  readonly nodes: Table<Node>;
  readonly secrets: Table<DataObject>;
  readonly configmaps: Table<DataObject>;
  readonly namespaces: Table<KubeObject>;
  readonly events: Table<KubeObject>;
  table(resource: Resource): Table<KubeObject>;
  /** The table of a resource by its plural, which must be one of the stored ones. */
  find(plural: string): Table<KubeObject>;
  all(): Iterable<Table<KubeObject>>;
  /** Objects of all tables by uid and by owner. */
  readonly index: Pick<OwnerIndex, "get" | "ownedBy">;
  version(): number;
  /** Changes after a version, or undefined when they are forgotten. */
  since(version: number): readonly Change[] | undefined;
  oldest(): number;
  onChange(listener: (change: Change) => void): () => void;
}

/** An etcd of one process: one counter for versions, a bounded history, listeners in order. */
export function createStore(historyLimit: number): Store {
  let version = 1;
  let forgotten = 1;
  const history: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  const queue: Change[] = [];
  const index = createOwnerIndex();

  const publish = (change: Change): void => {
    if (change.type === "DELETED") index.take(change.object);
    else index.put(change.object);
    history.push(change);
    if (history.length > historyLimit) forgotten = history.shift()?.version ?? forgotten;
    queue.push(change);
    // A listener may change objects: its changes are told after this one, to everyone in order.
    if (queue.length > 1) return;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      for (const listener of listeners) listener(next);
      queue.shift();
    }
  };
  const nextVersion = (): number => (version += 1);
  const make = <T extends KubeObject>(plural: string): Table<T> => {
    const resource = resources.find((one) => one.plural === plural);
    if (resource === undefined) throw new Error(`no resource ${plural}`);
    return createTable<T>(resource, nextVersion, publish);
  };

  const named = {
    jobs: make<Job>("jobs"),
    pods: make<Pod>("pods"),
    nodes: make<Node>("nodes"),
    secrets: make<DataObject>("secrets"),
    configmaps: make<DataObject>("configmaps"),
    namespaces: make<KubeObject>("namespaces"),
    events: make<KubeObject>("events"),
  };
  const tables = new Map<Resource, Table<KubeObject>>();
  for (const table of Object.values(named)) tables.set(table.resource, table);
  for (const resource of resources) {
    if (!tables.has(resource)) tables.set(resource, make<KubeObject>(resource.plural));
  }

  return {
    ...named,
    table: (resource) => {
      const table = tables.get(resource);
      if (table === undefined) throw new Error(`no table for ${resource.plural}`);
      return table;
    },
    find: (plural) => {
      for (const table of tables.values()) if (table.resource.plural === plural) return table;
      throw new Error(`no table for ${plural}`);
    },
    all: () => tables.values(),
    index,
    version: () => version,
    since: (from) => (from < forgotten ? undefined : history.filter((one) => one.version > from)),
    oldest: () => forgotten,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function createTable<T extends KubeObject>(
  resource: Resource,
  nextVersion: () => number,
  publish: (change: Change) => void,
): Table<T> {
  const objects = new Map<string, T>();
  const stamp = (object: T): number => {
    const version = nextVersion();
    object.metadata.resourceVersion = String(version);
    return version;
  };

  const remove = (object: KubeObject): void => {
    const previous = objects.get(keyOf(object));
    if (previous?.metadata.uid !== object.metadata.uid) return;
    objects.delete(keyOf(object));
    const last = structuredClone(previous);
    publish({ type: "DELETED", resource, object: last, previous, version: stamp(last) });
  };

  return {
    resource,
    get: (namespace, name) => objects.get(key(namespace, name)),
    values: () => [...objects.values()],
    list: (namespace) =>
      [...objects]
        .filter(([, one]) => namespace === undefined || one.metadata.namespace === namespace)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, one]) => one),
    add: (object) => {
      const taken = objects.get(keyOf(object));
      if (taken !== undefined) {
        const { name, deletionTimestamp } = taken.metadata;
        throw alreadyExists(resource, name, deletionTimestamp !== undefined);
      }
      const added = structuredClone(object);
      const version = stamp(added);
      objects.set(keyOf(added), added);
      publish({ type: "ADDED", resource, object: added, version });
      return added;
    },
    change: (object, edit) => {
      const previous = objects.get(keyOf(object));
      if (previous === undefined || previous.metadata.uid !== object.metadata.uid) return undefined;
      const draft = structuredClone(previous);
      edit(draft);
      draft.metadata.resourceVersion = previous.metadata.resourceVersion;
      if (JSON.stringify(draft) === JSON.stringify(previous)) return previous;
      const version = stamp(draft);
      objects.set(keyOf(draft), draft);
      if (isReleased(draft)) {
        remove(draft);
        return draft;
      }
      publish({ type: "MODIFIED", resource, object: draft, previous, version });
      return draft;
    },
    remove,
  };
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

function keyOf({ metadata }: KubeObject): string {
  return key(metadata.namespace, metadata.name);
}

/** Nothing holds it any more: no finalizer, and no kubelet that still has to stop containers. */
function isReleased(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  return (
    deletionTimestamp !== undefined && finalizers.length === 0 && deletionGracePeriodSeconds === 0
  );
}
