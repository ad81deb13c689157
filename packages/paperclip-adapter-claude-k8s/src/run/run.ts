import type { RunSink } from "../host/sink.ts";
import { askWhy } from "./ask-why.ts";
import { cleanUp } from "./clean-up.ts";
import type { Cluster } from "./cluster.ts";
import { drive } from "./drive.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
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
  const started = await start(request, cluster, around);
  if (started.kind === "end") return nothingSeen(started.end);

  const { job, hold } = started;
  const { settings } = request;
  const seen = newObservation(parsePosition(job.position));
  const jobRun: JobRun = { job, hold, cluster, sink: around.sink, settings, seen };
  try {
    if (started.inputs !== undefined) await request.onCreated(job.name, started.inputs);
    const driven = await drive(jobRun, around.stop);
    await askWhy(jobRun, driven);
    const end = await cleanUp(jobRun, driven);
    return evidenceOf(end, jobRun, started.inputs);
  } finally {
    around.followed.remove(job);
    started.leave();
  }
}
