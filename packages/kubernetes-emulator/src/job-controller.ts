import { rfc3339Seconds } from "./clock.ts";
import { deleteObject } from "./deletion.ts";
import { conclude, expire } from "./job-end.ts";
import { isEnded } from "./job-pod.ts";
import { count, createPod, ownPods, releasePods } from "./job-pods.ts";
import { setActive, setCondition } from "./job-status.ts";
import { counts, isTerminal, jobVerdict, unfinished } from "./job-verdict.ts";
import type { Job, KubeObject, Pod } from "./kube-object.ts";
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
    if (job !== undefined && job.metadata.uid === owner?.uid) plan(job, latency.jobSyncMs);
    else if (change.type !== "DELETED") clock.after(0, () => releaseOrphan(world, change.object));
  });
}

/** A pod whose Job is gone is counted by nobody: what tracked it must not keep it. */
function releaseOrphan(world: KubeletWorld, { metadata }: KubeObject): void {
  const pod = world.store.pods.get(metadata.namespace, metadata.name);
  if (pod !== undefined && pod.metadata.uid === metadata.uid) releasePods(world, [pod]);
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
  let isRefused = false;
  for (let missing = wanted - live.length - blocked; missing > 0 && !isRefused; missing -= 1)
    isRefused = !createPod(world, job);
  count(world, job, pods);
  store.jobs.change(job, (draft) => setActive(draft, ownPods(world, job)));
  const deadlineMs = untilDeadline(world, job);
  // A refused pod is tried again for ever.
  return isRefused ? Math.min(deadlineMs ?? Infinity, world.latency.retryMs * 10) : deadlineMs;
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

function untilDeadline(world: KubeletWorld, job: Job): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  const current = world.store.jobs.get(job.metadata.namespace, job.metadata.name);
  const started = Date.parse(current?.status.startTime ?? rfc3339Seconds(world.clock.now()));
  if (activeDeadlineSeconds === undefined) return undefined;
  return Math.max(1, started + activeDeadlineSeconds * 1000 - world.clock.now());
}
