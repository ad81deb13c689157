import { applyPatch, type Operation } from "rfc6902";

import { isJsonObject, type JsonObject } from "./json.ts";
import { badRequest, StatusError } from "./status-error.ts";
import { mergeStrategically } from "./strategic-merge.ts";

/** Applies a PATCH body by its content type; the object given is not changed. */
export function applyPatchBody(object: JsonObject, contentType: string, body: unknown): JsonObject {
  const type = contentType.split(";")[0]?.trim();
  if (type === "application/json-patch+json") return jsonPatch(object, body);
  if (!isJsonObject(body)) throw badRequest("error decoding patch: the body is not an object");
  if (type === "application/merge-patch+json") return mergePatch(object, body);
  if (type === "application/strategic-merge-patch+json") return mergeStrategically(object, body);
  const offered =
    "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json";
  throw new StatusError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${offered}`,
  );
}

/** RFC 6902. A failed `test` and a path that does not exist are both 422, as the API server answers. */
function jsonPatch(object: JsonObject, body: unknown): JsonObject {
  if (!isOperations(body))
    throw badRequest("error decoding patch: the body is not a list of operations");
  const copy = structuredClone(object);
  for (const problem of applyPatch(copy, structuredClone(body))) {
    if (problem === null) continue;
    throw new StatusError(
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
    );
  }
  return copy;
}

const operations = ["add", "remove", "replace", "move", "copy", "test"];

function isOperations(body: unknown): body is Operation[] {
  return (
    Array.isArray(body) &&
    body.every(
      (one) =>
        isJsonObject(one) &&
        typeof one["path"] === "string" &&
        operations.includes(String(one["op"])),
    )
  );
}

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isJsonObject(value))
      merged[key] = mergePatch(isJsonObject(before) ? before : {}, value);
    else merged[key] = value;
  }
  return merged;
}
