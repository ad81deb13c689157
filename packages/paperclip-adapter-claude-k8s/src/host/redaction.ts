import { redactDiagnosticText } from "@paperclipai/adapter-utils";

const hidden = "***REDACTED***";

/** A shorter value is a word like any other, and would blot out half the text. */
const shortestSecret = 8;

/** Takes known secrets out of a text, and what looks like a key, a token or a login. */
export function redaction(secrets: ReadonlySet<string>): (text: string) => string {
  return (text) => {
    // Long ones first: a secret may hold another.
    const known = [...secrets]
      .filter((secret) => secret.length >= shortestSecret)
      .toSorted((a, b) => b.length - a.length);
    const without = known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
    return redactDiagnosticText(without, hidden);
  };
}
