/**
 * How long to wait before connecting again, with jitter so that many followers do not come back in
 * the same instant.
 * @param attempt how many fruitless attempts there were; 0: the last one brought something
 * @param random from 0 to 1
 */
export function pauseMs(
  attempt: number,
  limits: { readonly retryBaseMs: number; readonly retryMaxMs: number },
  random: number,
): number {
  const cap = attempt === 0 ? limits.retryBaseMs / 2 : limits.retryBaseMs * 2 ** (attempt - 1);
  return Math.min(limits.retryMaxMs, cap) * (0.5 + random / 2);
}
