/** Powers that Kubernetes' suffixes stand for. */
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const form =
  /^\+?(\d{1,18}(?:\.\d{0,9})?|\.\d{1,9})(?:([eE][+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]))?$/;

/** The most that Kubernetes keeps; larger amounts are cut down to it. */
const largest = 2n ** 63n - 1n;

/**
 * A quantity in billionths, rounded up as Kubernetes does, so that amounts can be compared exactly.
 * Undefined when the text is none, is negative or is larger than Kubernetes can hold.
 */
export function quantity(text: string): bigint | undefined {
  const [, digits, exponent, suffix = ""] = form.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}`);
  const power = exponent === undefined ? decimal[suffix] : Number(exponent.slice(1));
  const factor = power === undefined ? 1024n ** BigInt(binary[suffix] ?? 0) : 1n;
  const billionths = scale(mantissa * factor, (power ?? 0) + 9 - fraction.length);
  return billionths <= largest * 10n ** 9n ? billionths : undefined;
}

function scale(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}
