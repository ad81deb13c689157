const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity as a number, or NaN: `500m` → 0.5, `1Gi` → 1073741824. */
export function quantity(text: string): number {
  const parts = /^([+-]?\d+(?:\.\d*)?|\.\d+)([a-zA-Z]*)$/.exec(text);
  return Number(parts?.[1]) * (factors[parts?.[2] ?? "?"] ?? Number.NaN);
}
