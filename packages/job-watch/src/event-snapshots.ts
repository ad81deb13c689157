import type { RawEvent } from "./kube-objects.ts";
import type { EventSnapshot } from "./snapshot-types.ts";

/** What is kept of an object's events, the latest last. The API server lists them in no order. */
export function eventSnapshots(events: readonly RawEvent[]): readonly EventSnapshot[] {
  return events
    .map((event) => ({ event, at: timeOf(event) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ event: { reason = "", message = "" } }) => ({ reason, message }));
}

/** Components write one time or another; the old one is in whole seconds. */
function timeOf({ lastTimestamp, eventTime, metadata }: RawEvent): number {
  const text = lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? "";
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}
