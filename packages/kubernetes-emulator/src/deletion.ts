import type { Clock } from "./clock.ts";
import type { KubeObject, Pod } from "./kube-object.ts";
import type { Store, Table } from "./store.ts";

export type Propagation = "Foreground" | "Background" | "Orphan";

export interface Deletion {
  readonly propagation?: Propagation;
  readonly graceSeconds?: number;
}

/**
 * Begins an object's deletion as the API server does: finalizers keep it, a bound pod waits for its
 * kubelet, everything else goes at once. Jobs of batch/v1 orphan their dependents unless told otherwise.
 */
export function deleteObject(
  store: Store,
  clock: Clock,
  object: KubeObject,
  how: Deletion,
): KubeObject {
  const table = store.table(resourceOf(store, object));
  const propagation = how.propagation ?? (object.kind === "Job" ? "Orphan" : "Background");
  const grace = object.kind === "Pod" ? podGrace(store, object, how.graceSeconds) : 0;
  const finalizer = { Foreground: "foregroundDeletion", Orphan: "orphan", Background: undefined }[
    propagation
  ];
  const marked = table.change(object, (draft) => {
    const { metadata } = draft;
    metadata.deletionTimestamp ??= rfcAfter(clock, grace);
    metadata.deletionGracePeriodSeconds = Math.min(
      metadata.deletionGracePeriodSeconds ?? Infinity,
      grace,
    );
    if (finalizer !== undefined)
      metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), finalizer])];
  });
  return marked ?? object;
}

function rfcAfter(clock: Clock, seconds: number): string {
  return new Date(clock.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Pods without a node and pods that have ended need no grace (pod strategy, CheckGracefulDelete). */
function podGrace(store: Store, object: KubeObject, asked: number | undefined): number {
  const pod: Pod | undefined = store.pods.get(object.metadata.namespace, object.metadata.name);
  if (pod?.spec.nodeName === undefined || ["Succeeded", "Failed"].includes(pod.status.phase))
    return 0;
  return asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
}

function resourceOf(store: Store, object: KubeObject): Table<KubeObject>["resource"] {
  for (const table of store.all()) {
    if (table.resource.kind === object.kind) return table.resource;
  }
  throw new Error(`no resource of kind ${object.kind}`);
}
