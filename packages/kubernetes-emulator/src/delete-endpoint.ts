import type { ApiRequest } from "./api-request.ts";
import { deleteObject, type Deletion, type Propagation } from "./deletion.ts";
import { isJsonObject, member, numberMember, textMember } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { requestFilter } from "./list-query.ts";
import { apiVersion, type Resource } from "./resources.ts";
import { json, type Answer, type ServerParts } from "./server-parts.ts";
import { invalid, notFound, preconditionFailed } from "./status-error.ts";
import { isDryRun } from "./object-body.ts";

/** DELETE of one object: preconditions, grace and propagation. */
export function removeObject(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const { namespace, name = "" } = request;
  const table = parts.store.table(resource);
  const object = table.get(resource.namespaced ? namespace : undefined, name);
  if (object === undefined) throw notFound(resource, name);
  checkPreconditions(resource, object, request.body);
  const deletion = parseDeletion(request);
  if (isDryRun(request)) return json(object);
  const marked = deleteObject(parts.store, parts.clock, object, deletion);
  const gone = table.get(object.metadata.namespace, name)?.metadata.uid !== object.metadata.uid;
  // A pod is answered whole in either case (its deletion is graceful by nature).
  if (!gone || resource.kind === "Pod") return json(marked);
  const details = {
    name,
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.plural,
    uid: object.metadata.uid,
  };
  return json({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

/** DELETE of a collection, by selectors. */
export function removeCollection(
  parts: ServerParts,
  request: ApiRequest,
  resource: Resource,
): Answer {
  const deletion = parseDeletion(request);
  const items = parts.store.table(resource).list().filter(requestFilter(request, resource));
  if (!isDryRun(request)) {
    for (const item of items) deleteObject(parts.store, parts.clock, item, deletion);
  }
  const metadata = { resourceVersion: String(parts.store.version()) };
  return json({ kind: `${resource.kind}List`, apiVersion: apiVersion(resource), metadata, items });
}

/** Options come from the body when there is one; the query is then ignored. */
function parseDeletion({ body, query }: ApiRequest): Deletion {
  const inBody = isJsonObject(body);
  const asked = inBody
    ? textMember(body, "propagationPolicy")
    : (query.get("propagationPolicy") ?? undefined);
  const grace = inBody
    ? numberMember(body, "gracePeriodSeconds")
    : queryNumber(query, "gracePeriodSeconds");
  const propagation = asked === undefined || asked === "" ? undefined : parsePropagation(asked);
  return {
    ...(propagation === undefined ? {} : { propagation }),
    ...(grace === undefined ? {} : { graceSeconds: grace }),
  };
}

function parsePropagation(text: string): Propagation {
  if (text === "Foreground" || text === "Background" || text === "Orphan") return text;
  const message = `Unsupported value: "${text}": supported values: "Foreground", "Background", "Orphan", "nil"`;
  throw invalid({ ...deleteOptions, singular: "deleteoptions" }, "", [
    { reason: "FieldValueNotSupported", field: "propagationPolicy", message },
  ]);
}

function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : Number(text);
}

function checkPreconditions(resource: Resource, object: KubeObject, body: unknown): void {
  const preconditions = member(body, "preconditions");
  const { name, uid, resourceVersion } = object.metadata;
  const askedUid = textMember(preconditions, "uid");
  if (askedUid !== undefined && askedUid !== uid) {
    throw preconditionFailed(
      resource,
      name,
      `the UID in the precondition (${askedUid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  const askedVersion = textMember(preconditions, "resourceVersion");
  if (askedVersion !== undefined && askedVersion !== resourceVersion) {
    throw preconditionFailed(
      resource,
      name,
      `the ResourceVersion in the precondition (${askedVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

const deleteOptions = {
  group: "meta.k8s.io",
  version: "v1",
  plural: "deleteoptions",
  kind: "DeleteOptions",
  namespaced: false,
};
