import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";

/**
 * Which Job is meant: names come again, uids do not. A uid that is missing, on either side, is
 * unknown, never "another"; the first one seen is then kept.
 */
export interface Identity {
  readonly uid: string | undefined;
  /** Whether this Job is the one. */
  isJob(job: JobSnapshot): boolean;
  /** Whether this pod belongs to the Job. */
  owns(pod: PodSnapshot): boolean;
}

export function identity(given: string | undefined): Identity {
  let uid = given;
  const isMine = (seen: string | undefined): boolean => {
    if (seen === undefined) return true;
    uid ??= seen;
    return seen === uid;
  };
  return {
    get uid() {
      return uid;
    },
    isJob: (job) => isMine(job.uid),
    owns: (pod) => isMine(pod.jobUid),
  };
}
