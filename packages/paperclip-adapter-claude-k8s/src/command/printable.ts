/**
 * Text of others, such as names and messages, as one line for a terminal: without control characters, and
 * without those that change the direction of what follows.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/\p{Cf}/gu, "")
    .trim();
}

/** `45s`, `12m`, `3h12m`, `2d4h`; as kubectl tells ages. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 120) return `${minutes}m`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days > 7 ? `${days}d` : `${days}d${hours % 24}h`;
}
