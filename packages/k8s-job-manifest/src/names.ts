import { createHash } from "node:crypto";

const labelValueMax = 63;

/** A DNS label less the `-xxxxx` that the Job controller adds to name a pod. */
const jobNameMax = 63 - 6;

const hashLength = 10;

/**
 * A valid label value. Text that had to be changed to fit carries a hash of the original, so that `team/a`
 * and `team-a` do not collide. Text that is valid already stays as it is, unless it could be such a result.
 */
export function labelValue(text: string): string {
  const safe = trim(text.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, labelValueMax));
  const isKept = safe !== "" && safe === text && !hashed.test(text);
  return isKept ? safe : withHash(safe, text, labelValueMax);
}

/**
 * A name for a Job: a DNS label of at most 57 characters, always ending in a hash of the unchanged parts.
 * The same parts give the same name, in every process and version; `["a", "b"]` and `["a-b"]` do not.
 */
export function jobName(parts: readonly string[]): string {
  const slug = parts.map((part) => part.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")).join("-");
  return withHash(trim(slug), JSON.stringify(parts), jobNameMax);
}

/** What `withHash` makes. Only text of this form is hashed although it is valid, or it could be a result's twin. */
const hashed = new RegExp(`(?:^|-)h[0-9a-f]{${hashLength}}$`);

function withHash(head: string, original: string, max: number): string {
  // UTF-16 tells apart what UTF-8 cannot: halves of surrogate pairs.
  const hash = createHash("sha256").update(original, "utf16le").digest("hex");
  const tail = `h${hash.slice(0, hashLength)}`;
  return trim(`${trim(head.slice(0, max - tail.length - 1))}-${tail}`);
}

function trim(text: string): string {
  return text.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}
