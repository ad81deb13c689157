import type { ClaudeSummary } from "./summary-types.ts";

/**
 * When the limit ends, in seconds since 1970, where the CLI said so: in a rate_limit_event, or in the old form
 * `usage limit reached|1767225600`. Dates in words have no year or zone that can be relied on.
 */
export function limitEnd(summary: ClaudeSummary): number | undefined {
  if (summary.rateLimit?.status === "rejected" && summary.rateLimit.resetsAt !== undefined)
    return summary.rateLimit.resetsAt;
  const match = /\|(\d{10})\b/.exec(summary.resultText ?? "");
  return match ? Number(match[1]) : undefined;
}
