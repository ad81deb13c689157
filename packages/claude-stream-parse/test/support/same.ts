/** Deep equality of JSON-like values, Sets and Maps, without recursion: the depth is the hostile part. */
export function same(first: unknown, second: unknown): boolean {
  const open: [unknown, unknown][] = [[first, second]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    const entriesA = entries(a);
    const entriesB = entries(b);
    if (entriesA.length !== entriesB.length || Array.isArray(a) !== Array.isArray(b)) return false;
    for (const [at, [key, value]] of entriesA.entries()) {
      const other = entriesB[at];
      if (other === undefined || other[0] !== key) return false;
      open.push([value, other[1]]);
    }
  }
  return true;
}

function entries(value: object): [unknown, unknown][] {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (value instanceof Set) return [...(value as Set<unknown>)].map((member) => [member, true]);
  return Object.entries(value);
}
