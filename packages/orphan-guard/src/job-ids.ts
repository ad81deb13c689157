import { annotations, labels } from "./marks.ts";
import type { KnownJob } from "./types.ts";

/** The raw id from the annotation; the label where there is none. Ids of no characters say nothing. */
export function idOf(job: KnownJob, id: keyof typeof labels): string | undefined {
  return text(job.annotations[annotations[id]]) ?? text(job.labels[labels[id]]);
}

/**
 * Whether a Job's id is `wanted`. `unknown`: there is only a label, whose writer left out what labels cannot
 * hold, and it fits: it may be of `wanted`, or of another id that looks the same without those characters.
 */
export function isSameId(
  job: KnownJob,
  id: keyof typeof labels,
  wanted: string | undefined,
): boolean | "unknown" {
  const found = idOf(job, id);
  if (found === undefined || text(wanted) === undefined) return false;
  if (found === wanted) return true;
  const isRaw = text(job.annotations[annotations[id]]) !== undefined;
  return !isRaw && found === barelyLabel(wanted ?? "") ? "unknown" : false;
}

const labelValueMax = 63;

/**
 * A label value that has lost what labels cannot hold, with nothing to tell that it has: how Jobs without
 * annotations of ours carry ids. Empty when nothing is left.
 */
export function barelyLabel(id: string): string {
  return id
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .slice(0, labelValueMax)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

/** True for a Job that nothing of ours has ever written to: made by an earlier version, or by somebody else. */
export function isUnmarked(job: KnownJob): boolean {
  return Object.values(annotations).every((name) => job.annotations[name] === undefined);
}

/** Ids of no characters say nothing. */
export function text(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
