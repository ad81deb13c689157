import { messageOf } from "./faults.ts";
import { exitOf } from "./exit-of.ts";
import type { JobRun } from "./job-run.ts";
import type { RunEnd } from "./model.ts";
import { withLimit } from "./with-limit.ts";

/** A failure has waited long enough for its explanation. */
const limitMs = 2_000;

/**
 * Reads the events of a Job and pod that ended badly, while there is somebody to ask: they say what no status
 * does, such as which probe, volume or quota it was. A help for people, so what cannot be had is only noted.
 */
export async function askWhy({ job, cluster, seen }: JobRun, end: RunEnd): Promise<void> {
  if (cluster.events === undefined || !endedBadly(end)) return;
  seen.history.step("explain");
  const { namespace, name } = job;
  const names = seen.pod === undefined ? [name] : [name, seen.pod.name];
  const { events } = cluster;
  try {
    seen.history.events(await withLimit(limitMs, (signal) => events({ namespace, names }, signal)));
  } catch (error) {
    seen.history.problem(`the events could not be read: ${messageOf(error)}`);
  }
}

/** What an operator stopped, and what goes on without this run, needs no explanation. */
function endedBadly(end: RunEnd): boolean {
  if (end.kind === "stopped") return end.reason.kind === "deadline";
  if (end.kind === "no-pod") return true;
  return end.kind === "ended" && exitOf(end.end)?.code !== 0;
}
