/** Whether `actual` has all of `wanted`, nested. */
export function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return actual === wanted;
  if (typeof actual !== "object" || actual === null) return false;
  const members = new Map(Object.entries(actual));
  return Object.entries(wanted).every(([key, value]) => contains(members.get(key), value));
}
