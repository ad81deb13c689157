import type { FollowLimits } from "./types.ts";

/** @throws TypeError naming the limit, what was expected and what came */
export function settledLimits(limits: FollowLimits = {}): Required<FollowLimits> {
  const settled: Required<FollowLimits> = {
    maxLineBytes: limits.maxLineBytes ?? 16 * 1024 * 1024,
    maxBatchBytes: limits.maxBatchBytes ?? 256 * 1024,
    retryBaseMs: limits.retryBaseMs ?? 250,
    retryMaxMs: limits.retryMaxMs ?? 3_000,
    giveUpAfterMs: limits.giveUpAfterMs ?? 30 * 60_000,
    lastReadsMs: limits.lastReadsMs ?? 30_000,
    quietMs: limits.quietMs ?? 8_000,
    spoolAfterMs: limits.spoolAfterMs ?? 5_000,
    spoolMaxBytes: limits.spoolMaxBytes ?? 256 * 1024 * 1024,
  };
  for (const [name, value] of Object.entries(settled)) {
    const least = leastOf[name] ?? 0;
    if (!(value >= least && value < 2 ** 31))
      throw new TypeError(`limits.${name} must be from ${least} to 2^31-1, not ${value}`);
  }
  return settled;
}

/** Where 0 makes no sense. */
const leastOf: Readonly<Record<string, number>> = {
  maxLineBytes: 64,
  maxBatchBytes: 1,
  quietMs: 1,
};
