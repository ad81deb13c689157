/** Adds to a set that keeps its newest `limit` members; false when the member was there. */
export function remember(set: Set<string>, member: string, limit: number): boolean {
  if (set.has(member)) return false;
  set.add(member);
  if (set.size > limit) forgetOldest(set);
  return true;
}

/** Sets in a map that keeps its newest `limit` entries. */
export function rememberEntry<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value,
  limit: number,
): void {
  map.set(key, value);
  if (map.size > limit) forgetOldest(map);
}

function forgetOldest(kept: Set<string> | Map<string, unknown>): void {
  const oldest = kept.keys().next();
  if (!oldest.done) kept.delete(oldest.value);
}

/** Appends what is not there yet, while there is room. */
export function appendNew(items: string[], item: string, limit: number): void {
  if (items.length < limit && !items.includes(item)) items.push(item);
}
