interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
}

/** Tokens of a result event, as it has them; what it does not say, or says wrongly, is 0. */
export function resultTokens(event: Readonly<Record<string, unknown>>): Tokens {
  const usage = event["usage"];
  const of = (key: string): number => {
    const value: unknown =
      typeof usage === "object" && usage !== null ? Reflect.get(usage, key) : undefined;
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
  };
  return {
    inputTokens: of("input_tokens"),
    outputTokens: of("output_tokens"),
    cachedTokens: of("cache_read_input_tokens"),
  };
}
