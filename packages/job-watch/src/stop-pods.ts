import { graceOf } from "./grace-of.ts";
import { identity, type Identity } from "./identity.ts";
import { JobWatchError } from "./errors.ts";
import type { StopOptions } from "./ports.ts";
import type { NodeSnapshot, PodSnapshot } from "./snapshot-types.ts";

/** What a stop knows of a Job's pods from one look to the next. */
interface StoppedPods {
  /** A pod was taken away without its kubelet's word. */
  readonly forced: boolean;
  /** What keeps those that are left, in words; `undefined`: none is known to be left. */
  readonly left: string | undefined;
}

/** The rights and the moments of one stop. */
export interface PodStopper {
  /** Looks at the Job's pods; deletes those that nobody deletes, and takes away those that are overdue. */
  look(who: Identity, isJobGone: boolean): Promise<StoppedPods>;
}

const escalateAfterMs = 10_000;

/** @param now milliseconds of the clock */
export function createPodStopper(options: StopOptions, now: () => number): PodStopper {
  const { jobs, job, signal } = options;
  const firstSeen = new Map<string, number>();
  let forced = false;

  const overdue = (pod: PodSnapshot): boolean => {
    const since = firstSeen.get(pod.name) ?? now();
    firstSeen.set(pod.name, since);
    return now() - since >= graceOf(pod) + (options.escalateAfterMs ?? escalateAfterMs);
  };
  const remove = async (pod: PodSnapshot, graceSeconds?: number): Promise<string | undefined> => {
    if (jobs.deletePod === undefined || pod.uid === undefined)
      return "it cannot be deleted from here";
    const { namespace } = job;
    const grace = graceSeconds === undefined ? {} : { graceSeconds };
    const denied = await allowed(() =>
      jobs.deletePod?.({ namespace, name: pod.name, uid: pod.uid ?? "", ...grace }, signal),
    );
    return denied === undefined ? undefined : "there is no right to delete pods";
  };
  const nodeOf = async (pod: PodSnapshot): Promise<NodeSnapshot | undefined> => {
    const { node } = pod;
    if (node === undefined || jobs.readNode === undefined) return undefined;
    let found: NodeSnapshot | undefined;
    await allowed(async () => {
      found = (await jobs.readNode?.(node, signal)) ?? { name: node, ready: "gone" };
    });
    return found;
  };
  /** What keeps a pod that is overdue; it is taken away when its node is healthy. */
  const force = async (pod: PodSnapshot): Promise<string> => {
    if (pod.finalizers !== undefined) return `it waits for ${pod.finalizers.join(", ")}`;
    if (pod.node === undefined) return "it has no node, and is not removed";
    const node = await nodeOf(pod);
    if (node === undefined)
      return `nothing is known of its node ${pod.node}, where its program may still run`;
    if (node.ready !== "True")
      return `its node ${node.name} is not ready, and its program may still run there`;
    const problem = await remove(pod, 0);
    if (problem !== undefined) return `it is overdue, and ${problem}`;
    forced = true;
    return "it was overdue, and has just been taken away";
  };
  const lookAt = async (pod: PodSnapshot, isJobGone: boolean): Promise<string> => {
    const about = `pod ${pod.name}: `;
    if (pod.deleting) return about + (overdue(pod) ? await force(pod) : "it is ending");
    // The garbage collector deletes the pods of a Job that goes; one whose Job has gone was orphaned.
    if (!isJobGone) return `${about}it is about to be deleted`;
    return about + ((await remove(pod)) ?? "its Job had left it behind; it was deleted just now");
  };

  return {
    async look(who, isJobGone) {
      const pods = await jobs.listPods?.(job, signal);
      // A pod whose uid is not ours is another Job's of the same name.
      const whose = identity(who.uid);
      const ours = pods?.filter((pod) => whose.owns(pod)) ?? [];
      const left: string[] = [];
      for (const pod of ours) left.push(await lookAt(pod, isJobGone));
      return { forced, left: left.length === 0 ? undefined : left.join("; ") };
    },
  };
}

/** Runs `work`; the error when a right is missing. Anything else is thrown. */
async function allowed(
  work: () => Promise<unknown> | undefined,
): Promise<JobWatchError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (JobWatchError.isInstance(error) && error.code === "JOB_WATCH_DENIED") return error;
    throw error;
  }
}
