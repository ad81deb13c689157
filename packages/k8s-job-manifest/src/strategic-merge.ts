type Fields = Readonly<Record<string, unknown>>;

/** Lists whose items are the same when these fields are. Kubernetes' merge keys; tolerations by what they tolerate. */
const mergeKeys: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    containers: ["name"],
    initContainers: ["name"],
    volumes: ["name"],
    env: ["name"],
    volumeMounts: ["mountPath"],
    volumeDevices: ["devicePath"],
    ports: ["containerPort", "protocol"],
    tolerations: ["key", "effect"],
    topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
    imagePullSecrets: ["name"],
    hostAliases: ["ip"],
    resourceClaims: ["name"],
  }),
);

/**
 * `patch` merged into `base`, both left as they are: records field by field, lists of named things item by
 * item, everything else replaced; `null` removes a field, and `{ …key, $patch: "delete" }` an item.
 */
export function strategicMerge<T extends object>(base: T, patch: object): T {
  // Of the same type as far as the patch keeps to it; checked afterwards where it matters.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return merged(base, patch) as T;
}

function merged(base: unknown, patch: unknown, field = ""): unknown {
  if (Array.isArray(patch)) return mergedList(Array.isArray(base) ? base : [], patch, field);
  if (!isFields(patch)) return patch;
  const from = isFields(base) ? base : {};
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => [key, merged(from[key], value, key)] as const);
  const kept = Object.entries(from).filter(([key]) => patch[key] !== null);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

function mergedList(base: readonly unknown[], patch: readonly unknown[], field: string): unknown[] {
  const keys = mergeKeys.get(field);
  if (keys === undefined) return [...patch];
  const result = [...base];
  for (const item of patch) {
    if (!isFields(item)) {
      result.push(item);
      continue;
    }
    const at = result.findIndex(
      (one) => isFields(one) && keys.every((key) => one[key] === item[key]),
    );
    const isDeletion = item["$patch"] === "delete";
    if (isDeletion && at >= 0) result.splice(at, 1);
    else if (!isDeletion && at >= 0) result[at] = merged(result[at], item);
    else if (!isDeletion) result.push(merged({}, item));
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
