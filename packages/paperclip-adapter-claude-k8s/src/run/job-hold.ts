import type {
  JobMarks,
  JobRef,
  JobStore,
  SupervisedWrite,
  Supervisor,
} from "@claude-k8s/orphan-guard";
import { realClock, sleep } from "@claude-k8s/kube-http";

/**
 * What a run may do to its Job. With a supervisor, every write is refused (`lost`) once somebody else follows
 * the Job; one that must wait for the process's Lease is made as soon as that is renewed, or answers `paused`
 * when its signal aborts before.
 */
export interface JobHold {
  /** For `stopJob`, which has a guard of its own. */
  readonly expected: { readonly supervisor: string; readonly epoch: number } | undefined;
  write(marks: JobMarks, signal: AbortSignal): Promise<SupervisedWrite>;
  /** Deletes the Job in the foreground. */
  remove(signal: AbortSignal): Promise<SupervisedWrite>;
  /** Gives the Job up with a last word on it: the next run may adopt it at once. */
  letGo(marks: JobMarks, signal: AbortSignal): Promise<SupervisedWrite>;
}

/** Of a Job that this process has created or adopted as its supervisor. */
export function supervisedHold(supervisor: Supervisor, job: JobRef): JobHold {
  return {
    get expected() {
      const epoch = supervisor.epoch(job);
      return epoch === undefined ? undefined : { supervisor: supervisor.identity, epoch };
    },
    write: (marks, signal) => supervisor.write(job, marks, signal),
    remove: (signal) => unpaused(() => supervisor.remove(job, signal), signal),
    // Not waited for: what cannot be said now the supervisor says later.
    letGo: (marks, signal) => supervisor.letGo(job, marks, signal),
  };
}

/** Where nobody can tell processes apart: a uid, where it is known, is the only guard. */
export function plainHold(store: JobStore, job: JobRef): JobHold {
  const write: JobHold["write"] = async (marks, signal) => {
    const { kind } = await store.patchJob(job, { metadata: marks }, signal);
    return { kind: kind === "patched" ? "done" : "gone" };
  };
  return {
    expected: undefined,
    write,
    async remove(signal) {
      const { kind } = await store.deleteJob(job, signal);
      return { kind: kind === "accepted" ? "done" : "gone" };
    },
    letGo: async (marks, signal) =>
      Object.keys(marks.annotations ?? {}).length === 0 ? { kind: "done" } : write(marks, signal),
  };
}

const lookAgainMs = 1_000;

async function unpaused(
  write: () => Promise<SupervisedWrite>,
  signal: AbortSignal,
): Promise<SupervisedWrite> {
  for (;;) {
    const answer = await write();
    if (answer.kind !== "paused" || signal.aborted) return answer;
    await sleep(realClock, lookAgainMs, signal).catch(() => {}); // Aborted: it stays paused.
  }
}
