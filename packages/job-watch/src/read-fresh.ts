import type { Identity } from "./identity.ts";
import { podKey } from "./pod-key.ts";
import type { JobReader } from "./ports.ts";
import { present } from "./present.ts";
import type { JobRef } from "./types.ts";
import type { WatchedRun } from "./watched-run.ts";

/**
 * Reads a run's Job, then its pods, and lets the run see both. In this order, so that no pod is older than
 * what the Job says of it; and the pods are seen first: with the Job's end the run could end without
 * their word.
 * @throws what the reader throws, or the signal's reason
 */
export async function readFresh(
  {
    reader,
    run,
    job,
    who,
  }: {
    readonly reader: JobReader;
    readonly run: WatchedRun;
    readonly job: JobRef;
    readonly who: Identity;
  },
  signal: AbortSignal,
): Promise<void> {
  const ref: JobRef = { ...job, ...present({ uid: who.uid }) };
  const seenJob = await reader.readJob(ref, signal);
  const listed = await reader.listPods(ref, signal);
  signal.throwIfAborted();
  const isGone = seenJob === undefined || !who.isJob(seenJob);
  const pods = listed
    .filter((pod) => who.owns(pod))
    .toSorted((a, b) => (a.createdAt ?? "").localeCompare(b.createdAt ?? ""));
  const { pod: known } = run.level;
  if (known !== undefined && !pods.some((pod) => podKey(pod) === podKey(known)))
    run.see({ kind: "pod-gone", pod: podKey(known) });
  for (const pod of pods) run.see({ kind: "pod", pod });
  run.see({ kind: "job", job: isGone ? "gone" : seenJob });
}
