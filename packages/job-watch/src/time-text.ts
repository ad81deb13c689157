import type { RawTime } from "./kube-objects.ts";

/** RFC 3339, from JSON or from client-node, which parses times into dates. */
export function timeText(time: RawTime | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : (time ?? undefined);
}
