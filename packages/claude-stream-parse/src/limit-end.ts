import type { ClaudeSummary } from "./summary-types.ts";

/**
 * When the limit ends, in seconds since 1970, where the CLI said so: in a rate_limit_event, in the old form
 * `usage limit reached|1767225600`, or in words that leave nothing open: `resets Mar 17, 2030, 5:46pm (UTC)`.
 */
export function limitEnd(summary: ClaudeSummary): number | undefined {
  const { rateLimit, resultText = "" } = summary;
  if (rateLimit?.status === "rejected" && rateLimit.resetsAt !== undefined)
    return rateLimit.resetsAt;
  const epoch = /\|(\d{10})\b/.exec(resultText);
  return epoch ? Number(epoch[1]) : inWords(resultText);
}

const months = "janfebmaraprmayjunjulaugsepoctnovdec";

function inWords(text: string): number | undefined {
  const match =
    /\bresets (?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<year>\d{4}), (?<hour>\d{1,2})(?::(?<minute>\d{2}))?(?<half>am|pm) \(UTC\)/.exec(
      text,
    );
  if (!match?.groups) return undefined;
  const { month = "", day, year, hour, minute = 0, half } = match.groups;
  const at = months.indexOf(month.toLowerCase());
  if (at % 3 !== 0) return undefined;
  const hours = (Number(hour) % 12) + (half === "pm" ? 12 : 0);
  return Date.UTC(Number(year), at / 3, Number(day), hours, Number(minute)) / 1000;
}
