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
  throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** RFC 6902. A failed `test`, a path that does not exist and an unknown operation are 422. */
function jsonPatch(object: JsonObject, body: unknown): JsonObject {
  if (!Array.isArray(body)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  if (!isOperations(body)) throw rejected();
  const copy = structuredClone(object);
  const problems = applyPatch(copy, structuredClone(body));
  if (problems.some((problem) => problem !== null)) throw rejected();
  return copy;
}

function rejected(): StatusError {
  const message = "the server rejected our request due to an error in our request";
  return new StatusError(422, "Invalid", message, {});
}

const operations = ["add", "remove", "replace", "move", "copy", "test"];

function isOperations(body: readonly unknown[]): body is Operation[] {
  return body.every((one) => {
    const { path, op } = isJsonObject(one) ? one : {};
    return typeof path === "string" && typeof op === "string" && operations.includes(op);
  });
}

/** RFC 7386: null removes, objects merge, everything else replaces. */
function mergePatch(object: JsonObject, patch: JsonObject): JsonObject {
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
