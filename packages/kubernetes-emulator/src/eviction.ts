import type { ApiRequest } from "./api-request.ts";
import { deleteObject } from "./deletion.ts";
import type { Condition, Pod } from "./kube-object.ts";
import { mergeConditions } from "./pod-status.ts";
import { json, type Answer, type ServerParts } from "./server-parts.ts";
import { notFound } from "./status-error.ts";
import type { Store } from "./store.ts";
import type { Clock } from "./clock.ts";

/** POST of a pod's `eviction`: the pod is marked, then deleted with its grace. There are no disruption budgets. */
export function evictPod(parts: ServerParts, { namespace, name = "" }: ApiRequest): Answer {
  const { store, clock } = parts;
  const pod = store.pods.get(namespace, name);
  if (pod === undefined) throw notFound(store.pods.resource, name);
  markDisrupted(store, clock, pod, {
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  });
  deleteObject(store, clock, pod, {});
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  return json(status, 201);
}

/** Says on a pod who takes it away, and why. */
export function markDisrupted(
  store: Store,
  clock: Clock,
  pod: Pod,
  why: Pick<Condition, "reason" | "message">,
): void {
  store.pods.change(pod, (draft) => {
    const mark: Condition = { type: "DisruptionTarget", status: "True", ...why };
    const before = draft.status.conditions ?? [];
    draft.status.conditions = mergeConditions(before, [mark], clock.seconds());
  });
}
