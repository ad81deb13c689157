import type { ClaudeSummary } from "./summary-types.ts";

/** The first line that is neither JSON nor the beginning of it. */
export function plainNoise(summary: ClaudeSummary): string | undefined {
  return summary.noise.first.find((line) => !/^\s*[[{]/.test(line));
}
