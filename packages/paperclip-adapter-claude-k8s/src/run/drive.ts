import { realClock } from "@claude-k8s/kube-http";
import { type StopReason, stopReason } from "../cancel/stop-reason.ts";
import type { Cluster } from "./cluster.ts";
import type { JobHandle, RunEnd, RunRequest } from "./model.ts";
import type { Observation } from "./observation.ts";
import type { RunSurroundings } from "./run.ts";
import { settle } from "./settle.ts";
import { stop } from "./stop.ts";

/** Follows the Job to its end, or ends it when the run is to stop before. */
export async function drive(
  job: JobHandle,
  request: RunRequest,
  cluster: Cluster,
  around: RunSurroundings & { readonly seen: Observation },
): Promise<RunEnd> {
  const { settings } = request;
  const { seen, sink } = around;
  const event = job.reattached ? "claude_k8s.job.reattached" : "claude_k8s.job.created";
  await sink.event(event, `Job ${job.name}`, { job: job.name, namespace: job.namespace });
  const over = new AbortController();
  const limit = runLimit(request, around.stop);
  const followed = settle(job, cluster, sink, {
    settings,
    seen,
    onStart: limit.start,
    signal: over.signal,
  });
  const stopped = asked(around.stop.signal, over.signal);
  try {
    const first = await Promise.race([followed, stopped]);
    if (first.kind === "ended" || first.kind === "no-pod") return first;
    const outcome = await stop(first, job, cluster, sink, { settings, seen, followed });
    return { kind: "stopped", reason: first, outcome, exit: seen.exit };
  } catch (error) {
    return { kind: "fault", stage: "follow", error };
  } finally {
    limit.disarm();
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

/** The run's time limit, counted from when its program was first seen running. */
function runLimit(
  { settings }: RunRequest,
  stopping: AbortController,
): { start: () => void; disarm: () => void } {
  if (settings.timeoutSec === 0) return { start: () => {}, disarm: () => {} };
  const limitMs = (settings.timeoutSec + settings.graceSec) * 1_000;
  let disarm: (() => void) | undefined;
  return {
    start: () => {
      disarm ??= realClock.after(limitMs, () =>
        stopping.abort({ kind: "deadline", limitMs } satisfies StopReason),
      );
    },
    disarm: () => disarm?.(),
  };
}
