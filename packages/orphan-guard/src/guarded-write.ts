import { annotations } from "./marks.ts";
import { epochOf, isSameSupervision, supervisorOf } from "./supervision.ts";
import type { JobRef, JobStore, KnownJob, MergePatch } from "./types.ts";

/** What a supervisor adds to a Job that it writes to. */
export type JobMarks = {
  readonly labels?: Readonly<Record<string, string | null>>;
  /** `null` removes. */
  readonly annotations?: Readonly<Record<string, string | null>>;
};

/** A supervisor's claim on a Job. */
export type Hold = { readonly identity: string; readonly epoch: number };

/**
 * - `gone`: the Job is not there any more, or its name is another's.
 * - `lost`: somebody else supervises it by now. Nothing was written.
 */
export type GuardedAnswer =
  | { readonly kind: "done"; readonly job?: KnownJob }
  | { readonly kind: "gone" }
  | {
      readonly kind: "lost";
      readonly by: string | undefined;
      readonly epoch: number;
      /** The Job went while others could take this process for dead: whoever ended it had taken it over. */
      readonly isGone?: true;
    };

/** The Job controller writes to a starting Job several times a second; a busy Job is met again this often. */
const attempts = 20;

/**
 * Takes the Job over: writes `identity` and the next epoch by a patch that carries the resourceVersion of a
 * read which showed the supervision of `decided`. Of two who try, one succeeds. A reply that got lost is
 * recognised by the next read.
 * @returns the Job as it is then; undefined when somebody else was faster or the Job is on its way out
 */
export async function takeOver(
  { store, identity, decided }: { store: JobStore; identity: string; decided: KnownJob },
  marks: JobMarks,
  signal: AbortSignal,
): Promise<KnownJob | undefined> {
  const epoch = epochOf(decided) + 1;
  let current: KnownJob | undefined = decided;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (current === undefined || current.deletionTimestamp !== undefined) return undefined;
    if (!isSameSupervision(current, decided)) {
      const isOurs = supervisorOf(current) === identity && epochOf(current) === epoch;
      return isOurs && isSameUid(current, decided) ? current : undefined;
    }
    const own = { [annotations.supervisor]: identity, [annotations.epoch]: String(epoch) };
    const patch = guarded(current, { ...marks, annotations: { ...marks.annotations, ...own } });
    const answer = await store.patchJob(current, patch, signal);
    if (answer.kind === "patched") return answer.job;
    if (answer.kind === "not-found") return undefined;
    current = await store.read(decided, signal);
  }
  throw new Error(`the Job ${decided.name} changed under ${attempts} attempts to adopt it`);
}

/** Writes marks to a Job, as long as it shows the hold. */
export function writeMarks(
  { store, job, hold }: { store: JobStore; job: JobRef; hold: Hold },
  marks: JobMarks,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  return whileHeld({ store, job, hold, signal }, async (read) => {
    const answer = await store.patchJob(read, guarded(read, marks), signal);
    if (answer.kind === "patched") return { kind: "done", job: answer.job };
    return answer.kind === "not-found" ? { kind: "gone" } : "again";
  });
}

/** Deletes a Job in the foreground, as long as it shows the hold. Accepted is done. */
export function remove(
  { store, job, hold }: { store: JobStore; job: JobRef; hold: Hold },
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  return whileHeld({ store, job, hold, signal }, async (read) => {
    if (read.deletionTimestamp !== undefined) return { kind: "done", job: read };
    const answer = await store.deleteJob(read, signal);
    if (answer.kind === "accepted") return { kind: "done" };
    return answer.kind === "not-found" ? { kind: "gone" } : "again";
  });
}

/** Read, compare, write with what was read; a write that met another is decided again. */
async function whileHeld(
  where: { store: JobStore; job: JobRef; hold: Hold; signal: AbortSignal },
  write: (read: KnownJob) => Promise<GuardedAnswer | "again">,
): Promise<GuardedAnswer> {
  const { store, job, hold, signal } = where;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const read = await store.read(job, signal);
    if (read === undefined || !isSameUid(read, job)) return { kind: "gone" };
    const [by, epoch] = [supervisorOf(read), epochOf(read)];
    if (by !== hold.identity || epoch !== hold.epoch) return { kind: "lost", by, epoch };
    const answer = await write(read);
    if (answer !== "again") return answer;
  }
  throw new Error(`the Job ${job.name} changed under ${attempts} attempts to write to it`);
}

function guarded(
  { resourceVersion }: KnownJob,
  { labels, annotations: marks }: JobMarks,
): MergePatch {
  return {
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(labels === undefined ? {} : { labels }),
      ...(marks === undefined ? {} : { annotations: marks }),
    },
  };
}

export function isSameUid(a: JobRef, b: JobRef): boolean {
  return a.uid === undefined || b.uid === undefined || a.uid === b.uid;
}
