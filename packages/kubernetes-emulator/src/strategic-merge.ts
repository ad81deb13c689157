import { isJsonObject, type JsonObject } from "./json.ts";

/** Lists that merge by a key instead of being replaced (the API types' `patchMergeKey`). */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  volumeMounts: "mountPath",
  ports: "containerPort",
  conditions: "type",
  ownerReferences: "uid",
  imagePullSecrets: "name",
  tolerations: "key",
};

/** Lists of plain values that merge as sets. */
const mergeSets: readonly string[] = ["finalizers"];

/**
 * Strategic merge patch, in part: maps merge, lists of the table above merge by key, finalizers as a
 * set, other lists are replaced; `$patch: delete` and `$patch: replace` and
 * `$deleteFromPrimitiveList/…` are followed, `$setElementOrder/…` is left out.
 */
export function mergeStrategically(object: JsonObject, patch: JsonObject): JsonObject {
  const { $patch: directive, ...fields } = patch;
  if (directive === "replace") return fields;
  const merged: JsonObject = { ...object };
  for (const [key, value] of Object.entries(fields)) {
    const [instruction = "", list = ""] = key.split("/", 2);
    if (instruction === "$deleteFromPrimitiveList") {
      merged[list] = asList(merged[list]).filter((one) => !asList(value).includes(one));
    } else if (key.startsWith("$")) {
      continue;
    } else if (value === null) {
      delete merged[key];
    } else if (isJsonObject(value)) {
      const before = merged[key];
      merged[key] = mergeStrategically(isJsonObject(before) ? before : {}, value);
    } else if (Array.isArray(value)) {
      merged[key] = mergeList(key, asList(merged[key]), value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

function mergeList(name: string, before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (mergeSets.includes(name)) return [...new Set([...before, ...patch])];
  const key = mergeKeys[name];
  if (key === undefined || !patch.every(isJsonObject)) return [...patch];
  const merged = before.filter(isJsonObject);
  for (const element of patch) {
    const index = merged.findIndex((one) => one[key] === element[key]);
    if (element["$patch"] === "delete") merged.splice(index, index === -1 ? 0 : 1);
    else if (index === -1) merged.push(mergeStrategically({}, element));
    else merged[index] = mergeStrategically(merged[index] ?? {}, element);
  }
  return merged;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
