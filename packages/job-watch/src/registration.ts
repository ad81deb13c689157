import { type Identity, identity } from "./identity.ts";
import type { Seen } from "./observe.ts";
import { podKey } from "./pod-key.ts";
import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { JobRef, WatchOptions } from "./types.ts";
import type { WatchedRun } from "./watched-run.ts";

/** A run registered with the hub by its Job's name; what it sees is of its Job's uid alone. */
export interface Registration {
  readonly run: WatchedRun;
  readonly job: JobRef;
  /** `undefined` until the uid is settled: then nobody can say whose facts are seen under the name. */
  readonly who: Identity | undefined;
  jobSeen(job: JobSnapshot): void;
  podSeen(pod: PodSnapshot): void;
  podGone(pod: PodSnapshot): void;
  /** The Job of this uid is no more. */
  jobGone(): void;
}

/** Facts kept while the uid is not known; the create's answer takes a moment, not thousands of facts. */
const keptFacts = 1_000;

type Fact = { readonly seen: Seen; readonly isMine: (known: Identity) => boolean };

export function register(
  run: WatchedRun,
  job: JobRef,
  { uid }: WatchOptions,
  onIdentity: () => void,
): Registration {
  let who = job.uid === undefined ? undefined : identity(job.uid);
  /** No uid will be told: it is that of the first Job seen. Not of a pod, which an earlier Job may have left. */
  let isByName = job.uid === undefined && uid === undefined;
  let kept: Fact[] = [];

  const become = (known: Identity): void => {
    who = known;
    const facts = kept;
    kept = [];
    for (const { seen, isMine } of facts) if (isMine(known)) run.see(seen);
    onIdentity();
  };
  const becomeFirst = (): void => {
    for (const { seen } of kept)
      if (seen.kind === "job" && seen.job !== "gone") return become(identity(seen.job.uid));
  };
  const see = (seen: Seen, isMine: Fact["isMine"]): void => {
    if (who !== undefined) {
      if (isMine(who)) run.see(seen);
      return;
    }
    if (kept.push({ seen, isMine }) > keptFacts) kept.shift();
    if (isByName) becomeFirst();
  };

  const settle = async (settling: Promise<string | undefined>): Promise<void> => {
    const settled = await settling;
    if (settled !== undefined) return become(identity(settled));
    isByName = true;
    becomeFirst();
  };
  if (who === undefined && uid !== undefined)
    settle(uid).catch((error: unknown) => run.fail(error));

  return {
    run,
    job,
    get who() {
      return who;
    },
    jobSeen(seen) {
      see({ kind: "job", job: seen }, (known) => known.isJob(seen));
    },
    podSeen(pod) {
      see({ kind: "pod", pod }, (known) => known.owns(pod));
    },
    podGone(pod) {
      see({ kind: "pod-gone", pod: podKey(pod) }, (known) => known.owns(pod));
    },
    jobGone() {
      run.see({ kind: "job", job: "gone" });
    },
  };
}
