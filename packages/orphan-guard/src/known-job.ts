import { annotations } from "./marks.ts";
import type { KnownJob } from "./types.ts";

type JobConditionLike = {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: Date | string | null | undefined;
};

/** What is read of a Job, in the shape of the API's JSON, with times as text or as `Date`: client-node's `V1Job` fits. */
export type JobLike = {
  readonly metadata?:
    | {
        readonly name?: string | undefined;
        readonly namespace?: string | undefined;
        readonly uid?: string | undefined;
        readonly resourceVersion?: string | undefined;
        readonly creationTimestamp?: Date | string | null | undefined;
        readonly deletionTimestamp?: Date | string | null | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly spec?: { readonly suspend?: boolean | undefined } | undefined;
  readonly status?:
    | {
        readonly ready?: number | undefined;
        readonly terminating?: number | null | undefined;
        readonly conditions?: readonly JobConditionLike[] | undefined;
      }
    | undefined;
};

/**
 * What a client's answer says of a Job. `asked` fills in what the answer leaves out: an answer may have no
 * body, or a body without metadata.
 */
export function knownJob(
  job: JobLike | null | undefined,
  asked: { readonly namespace: string; readonly name: string },
): KnownJob {
  const metadata = job?.metadata ?? {};
  const { uid, resourceVersion } = metadata;
  const creationTimestamp = time(metadata.creationTimestamp);
  const deletionTimestamp = time(metadata.deletionTimestamp);
  return {
    name: metadata.name ?? asked.name,
    namespace: metadata.namespace ?? asked.namespace,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    suspended: job?.spec?.suspend === true,
    readyPods: job?.status?.ready ?? 0,
    terminatingPods: job?.status?.terminating ?? 0,
    ...endOf(job?.status?.conditions ?? []),
  };
}

/**
 * True for a Job that was created and never let go: its creator died in between, or is just there. Such a
 * Job has run nothing; it is deleted or waited for, never adopted. A Job that somebody suspended later
 * still has the annotation and is no such thing, nor is one that `createRun` did not make: of that, nobody
 * knows whether it ran.
 */
export function isUnfinished({ suspended, annotations: marks }: KnownJob): boolean {
  const isOurs = marks[annotations.createId] !== undefined;
  return suspended && isOurs && marks[annotations.resumedAt] === undefined;
}

function endOf(conditions: readonly JobConditionLike[]): Pick<KnownJob, "ended" | "endedAt"> {
  const trueOf = (type: string) =>
    conditions.find((condition) => condition.type === type && condition.status === "True");
  const complete = trueOf("Complete");
  const end = complete ?? trueOf("Failed");
  if (end === undefined) return { ended: undefined };
  const endedAt = time(end.lastTransitionTime);
  const ended = complete === undefined ? "failed" : "complete";
  return { ended, ...(endedAt === undefined ? {} : { endedAt }) };
}

/** client-node parses times; plain JSON does not. */
function time(value: Date | string | null | undefined): string | undefined {
  return value instanceof Date ? value.toISOString() : (value ?? undefined);
}
