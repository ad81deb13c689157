import { deleteObject } from "./deletion.ts";
import { count, ownPods } from "./job-pods.ts";
import { setActive, setCondition } from "./job-status.ts";
import { isTerminal, unfinished, type Verdict } from "./job-verdict.ts";
import type { Job, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";

/** Interim condition first, active pods deleted; the terminal one when no pod is left running. */
export function conclude(
  world: KubeletWorld,
  job: Job,
  end: { readonly pods: readonly Pod[]; readonly verdict: Verdict },
): number | undefined {
  const { store, clock, latency } = world;
  const { verdict, pods } = end;
  const { reason, message } = verdict;
  if (job.status.conditions?.some((one) => one.type === verdict.interim) !== true) {
    for (const pod of unfinished(pods)) deleteObject(store, clock, pod, {});
    store.jobs.change(job, (draft) => {
      setActive(draft, ownPods(world, job));
      setCondition(
        draft,
        { type: verdict.interim, status: "True", reason, message },
        clock.seconds(),
      );
    });
    return latency.jobConditionMs;
  }
  // Pods that end now are still to be counted; their finalizer keeps them until that is done.
  if (unfinished(pods).length > 0) return undefined;
  count(world, job, pods);
  store.jobs.change(job, (draft) => {
    setActive(draft, []);
    setCondition(
      draft,
      { type: verdict.terminal, status: "True", reason, message },
      clock.seconds(),
    );
    if (verdict.terminal === "Complete") draft.status.completionTime = clock.seconds();
  });
  const said = verdict.terminal === "Complete" ? "Job completed" : message;
  const type = verdict.terminal === "Complete" ? "Normal" : "Warning";
  world.record(job, {
    type,
    reason: type === "Normal" ? "Completed" : reason,
    message: said,
    from: "job-controller",
  });
  return 0;
}

/** The TTL controller: a finished Job goes with its pods, in the foreground. */
export function expire(world: KubeletWorld, job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp !== undefined)
    return undefined;
  const finished = Date.parse(job.status.conditions?.find(isTerminal)?.lastTransitionTime ?? "");
  const left = finished + ttlSecondsAfterFinished * 1000 - world.clock.now();
  if (left > 0) return left;
  deleteObject(world.store, world.clock, job, { propagation: "Foreground" });
  return undefined;
}
