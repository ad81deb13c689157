import type { RunSink } from "../host/sink.ts";
import { askWhy } from "./ask-why.ts";
import { cleanUp } from "./clean-up.ts";
import type { Cluster } from "./cluster.ts";
import { drive } from "./drive.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
import { historyBook, type LogBreak } from "./history.ts";
import type { JobRun } from "./job-run.ts";
import type { RunEvidence, RunRequest } from "./model.ts";
import { evidenceOf, newObservation, nothingSeen } from "./observation.ts";
import { parsePosition } from "./position.ts";
import { start } from "./start.ts";

/** What a run shares with the process it runs in. */
export interface RunSurroundings {
  readonly sink: RunSink;
  /** Aborted with a `StopReason` to end the run early. */
  readonly stop: AbortController;
  readonly followed: FollowedJobs;
  /** Told of each break of the log when it happens. */
  readonly onLogBreak?: (seen: LogBreak) => void;
}

/**
 * One run: guard, build, create, follow, settle, clean up. What it comes to is for `classify`.
 *
 * Never throws: whatever goes wrong is an end, with the stage it happened in.
 */
export async function run(
  request: RunRequest,
  cluster: Cluster,
  around: RunSurroundings,
): Promise<RunEvidence> {
  const { sink, stop, followed, onLogBreak } = around;
  const history = historyBook(onLogBreak === undefined ? {} : { onLogBreak });
  const started = await start(request, cluster, { sink, stop, followed, history });
  if (started.kind === "end") return nothingSeen(started.end, history);

  const { job, hold } = started;
  const { settings } = request;
  const seen = newObservation(parsePosition(job.position), history);
  const jobRun: JobRun = { job, hold, cluster, sink, settings, seen };
  try {
    if (started.inputs !== undefined) await request.onCreated(job.name, started.inputs);
    const driven = await drive(jobRun, stop);
    await askWhy(jobRun, driven);
    const end = await cleanUp(jobRun, driven);
    return evidenceOf(end, jobRun, started.inputs);
  } finally {
    followed.remove(job);
    started.leave();
  }
}
