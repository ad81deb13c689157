import type { ClaudeSummary } from "./summary-types.ts";
import type { ProcessEnd } from "./verdict-types.ts";
import { verdict } from "./verdict.ts";

const loginWords =
  /\/login\b|not logged in|log ?in (?:again|required)|oauth token (?:has )?(?:expired|revoked)/i;

/**
 * A person has to log in: no key is there, or the login ran out. A key that was refused is `auth` too, but
 * logging in is no remedy for it. The answer of a model never decides, whatever words are in it.
 */
export function isLoginRequired(summary: ClaudeSummary, end: ProcessEnd = {}): boolean {
  return verdict(summary, end).kind === "auth" && loginWords.test(errorWords(summary, end));
}

/** The address to log in at, when the CLI printed one; https on Claude's or Anthropic's own hosts only. */
export function loginUrl(summary: ClaudeSummary, end: ProcessEnd = {}): string | undefined {
  if (verdict(summary, end).ok) return undefined;
  const match =
    /https:\/\/(?:[a-z0-9-]+\.)*(?:claude\.ai|claude\.com|anthropic\.com)\/[^\s"'<>\\]*/i;
  return match.exec(errorWords(summary, end))?.[0].replace(/[.,;:!?)\]]+$/, "");
}

function errorWords(summary: ClaudeSummary, end: ProcessEnd): string {
  const result = summary.results.at(-1);
  return [
    summary.resultText,
    ...(result?.errors ?? []),
    summary.lastSynthetic?.text,
    ...summary.noise.first,
    ...summary.noise.last,
    end.stderr,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}
