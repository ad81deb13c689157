import type { ApiRequest } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Resource } from "./resources.ts";
import { fieldSelector, labelSelector, type Matches } from "./selectors.ts";

/** What a list or watch is about: namespace and selectors. */
export function requestFilter(request: ApiRequest, resource: Resource): Matches {
  const { namespace, query, name } = request;
  const labels = labelSelector(query.get("labelSelector") ?? "");
  const fields = fieldSelector(query.get("fieldSelector") ?? "", resource.kind);
  return (object: KubeObject) =>
    (namespace === undefined || !resource.namespaced || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object) &&
    fields(object);
}
