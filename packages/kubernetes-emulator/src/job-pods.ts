import { admissionProblem } from "./admission.ts";
import { isEnded, podOfJob, trackingFinalizer } from "./job-pod.ts";
import { counts } from "./job-verdict.ts";
import type { Job, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";

export function releasePods(world: KubeletWorld, pods: readonly Pod[]): void {
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

export function ownPods(world: KubeletWorld, job: Job): Pod[] {
  const { index, pods } = world.store;
  return index.ownedBy(job.metadata.uid).flatMap(({ kind, metadata }) => {
    const pod = kind === "Pod" ? pods.get(metadata.namespace, metadata.name) : undefined;
    return pod ?? [];
  });
}

/** Whether the pod was made; a refusal leaves no trace but an event. */
export function createPod(world: KubeletWorld, job: Job): boolean {
  const wanted = podOfJob(job, world.identity, world.clock.seconds());
  const from = "job-controller";
  const problem = admissionProblem(world.store, wanted);
  if (problem !== undefined) {
    const message = `Error creating: ${problem}`;
    world.record(job, { type: "Warning", reason: "FailedCreate", message, from });
    return false;
  }
  const pod = world.store.pods.add(wanted);
  const message = `Created pod: ${pod.metadata.name}`;
  world.record(job, {
    type: "Normal",
    reason: "SuccessfulCreate",
    message,
    from,
  });
  return true;
}

/** Moves ended pods into the counters and lets go of them. */
export function count(world: KubeletWorld, job: Job, pods: readonly Pod[]): void {
  const ended = pods.filter((pod) => isEnded(pod) && tracked(pod));
  if (ended.length === 0) return;
  const { succeeded, failed } = counts(job, ended);
  world.store.jobs.change(job, (draft) => {
    if (succeeded > 0) draft.status.succeeded = succeeded;
    if (failed > 0) draft.status.failed = failed;
  });
  releasePods(world, ended);
}
