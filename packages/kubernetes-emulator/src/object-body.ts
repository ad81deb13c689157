import type { ApiRequest } from "./api-request.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { apiVersion, type Resource } from "./resources.ts";
import type { ServerParts } from "./server-parts.ts";
import { badRequest, notFound, StatusError } from "./status-error.ts";
import type { Table } from "./store.ts";

export function readObject({ body }: ApiRequest, resource: Resource): KubeObject {
  if (!isJsonObject(body))
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  const candidate: JsonObject = { ...structuredClone(body) };
  candidate["apiVersion"] ??= apiVersion(resource);
  candidate["kind"] ??= resource.kind;
  candidate["metadata"] ??= {};
  if (
    candidate["kind"] !== resource.kind ||
    candidate["apiVersion"] !== apiVersion(resource) ||
    !isKubeObject(candidate)
  ) {
    throw badRequest(
      `${String(candidate["kind"])} in version "${String(candidate["apiVersion"])}" cannot be handled as a ${resource.kind}: unknown conversion`,
    );
  }
  return candidate;
}

export function isKubeObject(value: JsonObject): value is KubeObject {
  return isJsonObject(value["metadata"]);
}

export function checkNamespace(parts: ServerParts, resource: Resource, object: KubeObject): void {
  const { namespace = "", name } = object.metadata;
  const found = parts.store.namespaces.get(undefined, namespace);
  if (found === undefined) {
    throw new StatusError(404, "NotFound", `namespaces "${namespace}" not found`, {
      name: namespace,
      kind: "namespaces",
    });
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  throw new StatusError(
    403,
    "Forbidden",
    `${resource.plural} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      kind: resource.plural,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  );
}

export function isDryRun({ query }: ApiRequest): boolean {
  return query.get("dryRun") === "All";
}

export function existing(
  table: Table<KubeObject>,
  request: ApiRequest,
  resource: Resource,
): KubeObject {
  const { namespace, name = "" } = request;
  const object = table.get(resource.namespaced ? namespace : undefined, name);
  if (object === undefined) throw notFound(resource, name);
  return object;
}
