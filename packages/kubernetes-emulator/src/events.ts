import type { Clock } from "./clock.ts";
import type { Identity } from "./identity.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Store } from "./store.ts";

/** One happening as `kubectl describe` lists it. */
interface Happening {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** Which component says so: `kubelet`, `job-controller`, `default-scheduler`. */
  readonly from: string;
}

export type RecordEvent = (about: KubeObject, happening: Happening) => void;

/** Records Events; the same happening again raises the count of the first, as client-go does. */
export function createEventRecorder(store: Store, clock: Clock, identity: Identity): RecordEvent {
  const known = new Map<string, KubeObject>();
  return (about, happening) => {
    const { name, uid, resourceVersion } = about.metadata;
    const namespace = about.metadata.namespace ?? "default";
    if (store.namespaces.get(undefined, namespace)?.metadata.deletionTimestamp !== undefined)
      return;
    const now = clock.seconds();
    const key = [uid, happening.type, happening.reason, happening.message].join("\n");
    const repeated = known.get(key);
    if (repeated !== undefined) {
      const changed = store.events.change(repeated, (event) => {
        event["count"] = Number(event["count"]) + 1;
        event["lastTimestamp"] = now;
      });
      if (changed !== undefined) return;
    }
    const event: KubeObject = {
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: `${name}.${identity.hex(16)}`,
        namespace,
        uid: identity.uid(),
        resourceVersion: "",
        creationTimestamp: now,
      },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      type: happening.type,
      reason: happening.reason,
      message: happening.message,
      source: { component: happening.from },
      reportingComponent: happening.from,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    known.set(key, store.events.add(event));
  };
}
