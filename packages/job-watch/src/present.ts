/** The members that have a value: absent is absent, not `undefined`, `null` or empty text. */
export function present<T extends Readonly<Record<string, unknown>>>(
  members: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(members).filter(([, value]) => value != null && value !== "");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose their keys' types
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}
