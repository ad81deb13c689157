import { type StopReason, stopReason } from "../cancel/stop-reason.ts";
import type { JobRun } from "./job-run.ts";
import { runLimits } from "./limits.ts";
import { liveStatus } from "./live-status.ts";
import type { RunEnd } from "./model.ts";
import { notePositions } from "./note-position.ts";
import { together } from "./onlooker.ts";
import { settle } from "./settle.ts";
import { stop } from "./stop.ts";

/** Follows the Job to its end, or ends it when the run is to stop before. */
export async function drive(run: JobRun, stopping: AbortController): Promise<RunEnd> {
  const { job, sink, seen } = run;
  seen.history.step("follow");
  const event = job.reattached ? "claude_k8s.job.reattached" : "claude_k8s.job.created";
  await sink.event(event, `Job ${job.name}`, { job: job.name, namespace: job.namespace });
  const over = new AbortController();
  const onlooker = together(runLimits(run, stopping), liveStatus(sink));
  const endNotes = notePositions(run);
  const followed = settle(run, { onlooker, signal: over.signal });
  const stopped = asked(stopping.signal, over.signal);
  try {
    const first = await Promise.race([followed, stopped]);
    if (first.kind === "ended" || first.kind === "no-pod") return first;
    seen.history.step("stop");
    const outcome = await stop(first, run, followed);
    return { kind: "stopped", reason: first, outcome, exit: seen.exit };
  } catch (error) {
    return { kind: "fault", stage: "follow", error };
  } finally {
    endNotes();
    onlooker.disarm();
    over.abort();
  }
}

/** Settles when the run is to stop; never for one that ends by itself. */
function asked(signal: AbortSignal, over: AbortSignal): Promise<StopReason> {
  return new Promise((resolve) => {
    const look = (): void => {
      const reason = stopReason(signal);
      if (reason !== undefined) resolve(reason);
    };
    signal.addEventListener("abort", look, { once: true, signal: over });
    look();
  });
}
