/** A parsed JSON object: data of others, so every field is unknown until read. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A list's own items; anything else has none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : nothing;
}

export function strings(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

const nothing: readonly unknown[] = Object.freeze([]);
