import { rfc3339Seconds } from "./clock.ts";
import { deleteObject } from "./deletion.ts";
import { isEnded, podOfJob, trackingFinalizer } from "./job-pod.ts";
import { counts, isTerminal, jobVerdict, unfinished, type Verdict } from "./job-verdict.ts";
import type { Condition, Job, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { Change } from "./store.ts";

/**
 * Brings Jobs and pods together, one Job at a time by its own timer. What a pod's end means for the
 * Job is looked at `jobSyncMs` later, as the real controller batches pod events for a second.
 */
export function startJobController(world: KubeletWorld): () => void {
  const { store, clock, latency } = world;
  const planned = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  const plan = (job: Job, ms: number): void => {
    const at = clock.now() + ms;
    const before = planned.get(job.metadata.uid);
    if (before !== undefined && before.at <= at) return;
    before?.cancel();
    const cancel = clock.after(ms, () => {
      planned.delete(job.metadata.uid);
      const current = store.jobs.get(job.metadata.namespace, job.metadata.name);
      if (current?.metadata.uid !== job.metadata.uid) return;
      const again = sync(world, current);
      if (again !== undefined) plan(current, again);
    });
    planned.set(job.metadata.uid, { at, cancel });
  };
  return store.onChange((change: Change) => {
    const { namespace, name } = change.object.metadata;
    if (change.resource.plural === "jobs") {
      const job = store.jobs.get(namespace, name);
      if (job !== undefined && concernsJob(change)) plan(job, 0);
    }
    if (change.resource.plural !== "pods") return;
    const owner = change.object.metadata.ownerReferences?.find((one) => one.kind === "Job");
    const job = store.jobs.get(namespace, owner?.name ?? "");
    if (job === undefined || job.metadata.uid !== owner?.uid) return;
    plan(job, latency.jobSyncMs);
  });
}

/** The controller's own status writes are no reason to look again. */
function concernsJob({ type, object, previous }: Change): boolean {
  if (type === "ADDED") return true;
  const same = (field: (one: typeof object) => unknown): boolean =>
    previous !== undefined && JSON.stringify(field(previous)) === JSON.stringify(field(object));
  return !same((one) => one["spec"]) || !same((one) => one.metadata.deletionTimestamp);
}

/** One look at a Job. Answers when to look again, if time alone may change something. */
function sync(world: KubeletWorld, job: Job): number | undefined {
  const { store, clock } = world;
  if (job.spec.managedBy !== undefined && job.spec.managedBy !== "kubernetes.io/job-controller")
    return undefined;
  const pods = ownPods(world, job);
  if (job.status.conditions?.some(isTerminal) === true) {
    releasePods(world, pods);
    return expire(world, job);
  }
  if (job.metadata.deletionTimestamp !== undefined) {
    releasePods(
      world,
      pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined || isEnded(pod)),
    );
    return undefined;
  }
  if (job.spec.suspend === true) return suspend(world, job, pods);
  if (job.status.startTime === undefined) return begin(world, job);
  const verdict = jobVerdict(job, pods, clock.now());
  if (verdict !== undefined) return conclude(world, job, { pods, verdict });
  const live = unfinished(pods).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const counted = counts(job, pods);
  const leaving = unfinished(pods).length - live.length;
  const blocked = job.spec.podReplacementPolicy === "Failed" ? leaving : 0;
  const wanted = Math.min(
    job.spec.parallelism ?? 1,
    (job.spec.completions ?? 1) - counted.succeeded,
  );
  for (let missing = wanted - live.length - blocked; missing > 0; missing -= 1)
    createPod(world, job);
  count(world, job, pods);
  store.jobs.change(job, (draft) => setActive(draft, ownPods(world, job)));
  return untilDeadline(world, job);
}

function begin(world: KubeletWorld, job: Job): number {
  world.store.jobs.change(job, (draft) => {
    draft.status.startTime = world.clock.seconds();
    const suspended = draft.status.conditions?.find((one) => one.type === "Suspended");
    if (suspended === undefined) return;
    setCondition(
      draft,
      { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" },
      world.clock.seconds(),
    );
    world.record(job, {
      type: "Normal",
      reason: "Resumed",
      message: "Job resumed",
      from: "job-controller",
    });
  });
  return 0;
}

function suspend(world: KubeletWorld, job: Job, pods: readonly Pod[]): undefined {
  for (const pod of unfinished(pods)) {
    if (pod.metadata.deletionTimestamp === undefined)
      deleteObject(world.store, world.clock, pod, {});
  }
  releasePods(
    world,
    pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined),
  );
  const known = job.status.conditions?.some(
    (one) => one.type === "Suspended" && one.status === "True",
  );
  world.store.jobs.change(job, (draft) => {
    setActive(draft, []);
    delete draft.status.startTime;
    setCondition(
      draft,
      { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" },
      world.clock.seconds(),
    );
  });
  if (known !== true)
    world.record(job, {
      type: "Normal",
      reason: "Suspended",
      message: "Job suspended",
      from: "job-controller",
    });
  return undefined;
}

function createPod(world: KubeletWorld, job: Job): void {
  const pod = world.store.pods.add(podOfJob(job, world.identity, world.clock.seconds()));
  const message = `Created pod: ${pod.metadata.name}`;
  world.record(job, {
    type: "Normal",
    reason: "SuccessfulCreate",
    message,
    from: "job-controller",
  });
}

/** Interim condition first, active pods deleted; the terminal one when no pod is left running. */
function conclude(
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

/** Moves ended pods into the counters and lets go of them. */
function count(world: KubeletWorld, job: Job, pods: readonly Pod[]): void {
  const ended = pods.filter((pod) => isEnded(pod) && tracked(pod));
  if (ended.length === 0) return;
  const { succeeded, failed } = counts(job, ended);
  world.store.jobs.change(job, (draft) => {
    if (succeeded > 0) draft.status.succeeded = succeeded;
    if (failed > 0) draft.status.failed = failed;
  });
  releasePods(world, ended);
}

function releasePods(world: KubeletWorld, pods: readonly Pod[]): void {
  for (const pod of pods.filter(tracked)) {
    world.store.pods.change(pod, (draft) => {
      draft.metadata.finalizers =
        draft.metadata.finalizers?.filter((one) => one !== trackingFinalizer) ?? [];
    });
  }
}

function tracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) === true;
}

function ownPods(world: KubeletWorld, job: Job): Pod[] {
  return world.store.pods
    .list(job.metadata.namespace)
    .filter(
      (pod) =>
        pod.metadata.ownerReferences?.some((owner) => owner.uid === job.metadata.uid) === true,
    );
}

function setActive(job: Job, pods: readonly Pod[]): void {
  const live = unfinished(pods).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const terminating = unfinished(pods).length - live.length;
  const ready = live.filter((pod) =>
    pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
  ).length;
  if (live.length > 0) job.status.active = live.length;
  else delete job.status.active;
  job.status.ready = ready;
  job.status.terminating = terminating;
}

function setCondition(job: Job, condition: Condition, now: string): void {
  const others = job.status.conditions?.filter((one) => one.type !== condition.type) ?? [];
  const same = job.status.conditions?.some(
    (one) => one.type === condition.type && one.status === condition.status,
  );
  if (same === true) return;
  job.status.conditions = [
    ...others,
    { ...condition, lastProbeTime: now, lastTransitionTime: now },
  ];
}

function untilDeadline(world: KubeletWorld, job: Job): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  const current = world.store.jobs.get(job.metadata.namespace, job.metadata.name);
  const started = Date.parse(current?.status.startTime ?? rfc3339Seconds(world.clock.now()));
  if (activeDeadlineSeconds === undefined) return undefined;
  return Math.max(1, started + activeDeadlineSeconds * 1000 - world.clock.now());
}

/** The TTL controller: a finished Job goes with its pods, in the foreground. */
function expire(world: KubeletWorld, job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp !== undefined)
    return undefined;
  const finished = Date.parse(job.status.conditions?.find(isTerminal)?.lastTransitionTime ?? "");
  const left = finished + ttlSecondsAfterFinished * 1000 - world.clock.now();
  if (left > 0) return left;
  deleteObject(world.store, world.clock, job, { propagation: "Foreground" });
  return undefined;
}
