import { accessReviewPath, reviewAccess } from "./access-review.ts";
import { authorize } from "./access.ts";
import type { ApiRequest } from "./api-request.ts";
import { removeCollection, removeObject } from "./delete-endpoint.ts";
import { discover } from "./discovery.ts";
import { podLog } from "./log-endpoint.ts";
import { evictPod } from "./eviction.ts";
import { getObject, listObjects } from "./read-endpoint.ts";
import { resources, type Resource } from "./resources.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { StatusError } from "./status-error.ts";
import { watchObjects } from "./watch-endpoint.ts";
import { createObject, patchObject, updateObject } from "./write-endpoint.ts";

/** The whole of the API, from a parsed request to its answer; refusals are thrown as StatusError. */
export function answerRequest(parts: ServerParts, request: ApiRequest): Answer {
  const about = request.method === "GET" ? discover(request) : undefined;
  if (about !== undefined) return about;
  if (request.path === accessReviewPath && request.method === "POST")
    return reviewAccess(parts, request);
  authorize(parts.access, request);
  const { resource, subresource } = request;
  if (resource === undefined) {
    if (!servesGroup(request)) return pageNotFound;
    throw unknownPath();
  }
  if (subresource !== undefined && resource.subresources?.includes(subresource) !== true)
    throw unknownPath();
  if (subresource === "log") {
    if (request.verb !== "get") throw notAllowed();
    return podLog(parts, request);
  }
  if (subresource === "eviction") {
    if (request.verb !== "create") throw notAllowed();
    return evictPod(parts, request);
  }
  return verbAnswer(parts, request, resource);
}

function verbAnswer(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  switch (request.verb) {
    case "get":
      return getObject(parts, request, resource);
    case "list":
      return listObjects(parts, request, resource);
    case "watch":
      return watchObjects(parts, request, resource);
    case "create":
      if (request.name !== undefined) throw notAllowed();
      return createObject(parts, request, resource);
    case "update":
      return updateObject(parts, request, resource);
    case "patch":
      return patchObject(parts, request, resource);
    case "delete":
      return removeObject(parts, request, resource);
    case "deletecollection":
      return removeCollection(parts, request, resource);
    default:
      throw notAllowed();
  }
}

/** The router's own answer, which is no Status. */
const pageNotFound: Answer = { kind: "text", status: 404, body: "404 page not found\n" };

function servesGroup({ plural, group }: ApiRequest): boolean {
  return plural !== undefined && resources.some((one) => one.group === group);
}

function unknownPath(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

function notAllowed(): StatusError {
  return new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}
