import { type Identity, identity } from "./identity.ts";
import type { JobWarning } from "./level.ts";
import { podKey, type Seen } from "./observe.ts";
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
  warningSeen(warning: JobWarning | undefined): void;
  /** The Job of this uid is no more. */
  jobGone(): void;
}

/** Facts kept while the uid is not known; the create's answer takes a moment, not thousands of facts. */
const keptFacts = 1_000;

export function register(
  run: WatchedRun,
  job: JobRef,
  { uid }: WatchOptions,
  onIdentity: () => void,
): Registration {
  let who = job.uid !== undefined || uid === undefined ? identity(job.uid) : undefined;
  let kept: ((known: Identity) => void)[] = [];

  const fact = (apply: (known: Identity) => void): void => {
    if (who !== undefined) apply(who);
    else if (kept.push(apply) > keptFacts) kept.shift();
  };
  const see = (seen: Seen, isMine: (known: Identity) => boolean): void => {
    fact((known) => {
      if (isMine(known)) run.see(seen);
    });
  };

  const settle = async (settling: Promise<string | undefined>): Promise<void> => {
    const known = identity(await settling);
    who = known;
    for (const apply of kept) apply(known);
    kept = [];
    onIdentity();
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
    warningSeen(warning) {
      if (warning !== undefined) run.see({ kind: "warning", warning });
    },
    jobGone() {
      run.see({ kind: "job", job: "gone" });
    },
  };
}
