import type { Policy } from "./policy.ts";

/** Registries' and runtimes' words for an image that no later try will bring. */
const absent =
  /not found|manifest unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN|does not exist|no matching manifest|repository .* unknown/i;
const denied =
  /unauthorized|access denied|access to the resource is denied|\bDENIED\b|authentication required|no basic auth credentials|403 Forbidden|401 Unauthorized|insufficient_scope|authorization failed/i;
/** What passes by itself, also where the text has some of the words above (`host not found`). */
const passing =
  /too ?many ?requests|\b429\b|rate limit|QPS exceeded|timeout|timed out|connection re(?:fused|set)|no such host|server misbehaving|i\/o|\bEOF\b|TLS handshake|network is unreachable|no route to host|50[0234]\b|unavailable|host not found/i;

/**
 * How long an image problem may last: the kubelet has one word for all of them, and the registry's
 * own words tell those that pass from those that do not.
 */
export function imageGraceMs(message: string, policy: Policy): number {
  const isFinal = !passing.test(message) && (absent.test(message) || denied.test(message));
  return isFinal ? Math.min(policy.imageAbsentGraceMs, policy.imageGraceMs) : policy.imageGraceMs;
}
