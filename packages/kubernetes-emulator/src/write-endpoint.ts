import type { ApiRequest } from "./api-request.ts";
import { admissionProblem } from "./admission.ts";
import { applyDefaults, isPod } from "./defaults.ts";
import type { KubeObject, Pod } from "./kube-object.ts";
import { applyPatchBody } from "./patches.ts";
import { checkNamespace, existing, isDryRun, isKubeObject, readObject } from "./object-body.ts";
import type { Resource } from "./resources.ts";
import { json, type Answer, type ServerParts } from "./server-parts.ts";
import { badRequest, conflict, invalid, staleVersion, StatusError } from "./status-error.ts";
import { validateObject, validateUpdate } from "./validate.ts";

/** POST: a new object. */
export function createObject(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const { namespace } = request;
  const object = readObject(request, resource);
  const { metadata } = object;
  if (resource.namespaced) {
    const asked = metadata.namespace ?? namespace;
    if (asked !== namespace) {
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
    }
    if (namespace !== undefined) metadata.namespace = namespace;
    checkNamespace(parts, resource, object);
  }
  const generated = !metadata.name && metadata.generateName !== undefined;
  if (generated) metadata.name = `${metadata.generateName ?? ""}${parts.identity.suffix()}`;
  if (!metadata.name) {
    throw invalid(resource, "", [
      {
        reason: "FieldValueRequired",
        field: "metadata.name",
        message: "Required value: name or generateName is required",
      },
    ]);
  }
  validateObject(resource, object);
  metadata.uid = parts.identity.uid();
  metadata.creationTimestamp = parts.clock.seconds();
  metadata.resourceVersion = "";
  if (["Job", "Pod"].includes(resource.kind)) metadata.generation = 1;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  applyDefaults(object);
  if (isPod(object)) admit(parts, object);
  const table = parts.store.table(resource);
  if (isDryRun(request)) {
    if (table.get(metadata.namespace, metadata.name) !== undefined) table.add(object);
    return json(object, 201);
  }
  return json(table.add(object), 201);
}

/** @throws StatusError 403 */
function admit(parts: ServerParts, pod: Pod): void {
  const problem = admissionProblem(parts.store, pod);
  if (problem !== undefined)
    throw new StatusError(403, "Forbidden", problem, { name: pod.metadata.name, kind: "pods" });
}

/** PUT: replaces an object; a resourceVersion in the body must be the current one. */
export function updateObject(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const table = parts.store.table(resource);
  const before = existing(table, request, resource);
  const after = readObject(request, resource);
  if (after.metadata.name !== before.metadata.name) {
    throw badRequest(
      `the name of the object (${after.metadata.name}) does not match the name on the URL (${before.metadata.name})`,
    );
  }
  return store(parts, { request, resource, before, after });
}

/** PATCH in its three kinds. */
export function patchObject(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const table = parts.store.table(resource);
  const before = existing(table, request, resource);
  const contentType = String(request.headers["content-type"] ?? "");
  const after = applyPatchBody(structuredClone(before), contentType, request.body);
  if (!isKubeObject(after)) throw badRequest("the patched object has no metadata");
  return store(parts, { request, resource, before, after });
}

interface Update {
  readonly request: ApiRequest;
  readonly resource: Resource;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

function store(parts: ServerParts, { request, resource, before, after }: Update): Answer {
  const { name } = before.metadata;
  const version = after.metadata.resourceVersion ?? "";
  if (version !== "" && version !== before.metadata.resourceVersion) {
    throw conflict(resource, name, staleVersion);
  }
  const { uid } = after.metadata;
  if (uid && uid !== before.metadata.uid) {
    if (request.verb === "update") {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`;
      throw conflict(resource, name, why);
    }
    const message = `Invalid value: "${uid}": field is immutable`;
    throw invalid(resource, name, [
      { reason: "FieldValueInvalid", field: "metadata.uid", message },
    ]);
  }
  const wanted = settledFields(before, after, request.subresource);
  if (request.subresource === undefined) {
    validateObject(resource, wanted);
    validateUpdate(resource, before, wanted);
  }
  if (isDryRun(request)) return json(wanted);
  const stored = parts.store.table(resource).change(before, (draft) => {
    for (const field of Object.keys(draft)) if (!(field in wanted)) delete draft[field];
    Object.assign(draft, structuredClone(wanted));
  });
  return json(stored ?? wanted);
}

/** What an update cannot touch: identity, deletion, and status or everything but status. */
function settledFields(
  before: KubeObject,
  after: KubeObject,
  subresource: string | undefined,
): KubeObject {
  if (subresource === "status") return { ...structuredClone(before), status: after["status"] };
  const {
    uid,
    creationTimestamp,
    namespace,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
  } = before.metadata;
  const metadata = {
    ...after.metadata,
    uid,
    creationTimestamp,
    resourceVersion: before.metadata.resourceVersion,
  };
  if (namespace !== undefined) metadata.namespace = namespace;
  if (deletionTimestamp === undefined) delete metadata.deletionTimestamp;
  else metadata.deletionTimestamp = deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
  const changed = JSON.stringify(before["spec"]) !== JSON.stringify(after["spec"]);
  if (generation !== undefined) metadata.generation = generation + (changed ? 1 : 0);
  const result: KubeObject = {
    ...after,
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata,
  };
  if (["Job", "Pod", "Namespace", "Node"].includes(before.kind))
    result["status"] = structuredClone(before["status"]);
  return result;
}
