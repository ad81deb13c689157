import { randomUUID } from "node:crypto";
import {
  createRun,
  isUnfinished,
  type JobManifestLike,
  type KnownJob,
  type Manifest,
  type RunCreation,
} from "@claude-k8s/orphan-guard";
import { realClock, sleep } from "@claude-k8s/kube-http";
import type { RunSink } from "../host/sink.ts";
import type { Cluster } from "./cluster.ts";
import { messageOf } from "./faults.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
import type { JobHandle } from "./model.ts";

/** What `build` made. */
export interface BuiltRun {
  readonly job: JobManifestLike;
  readonly secrets: readonly Manifest[];
}

export type CreateAnswer =
  | { readonly kind: "created"; readonly job: JobHandle }
  /** Another run has the name. */
  | { readonly kind: "taken"; readonly job: string };

export interface CreateOptions {
  readonly sink: RunSink;
  readonly followed: FollowedJobs;
  /** Grows by what a failed creation made and could not remove. */
  readonly left: string[];
  readonly signal: AbortSignal;
}

/** A kept or dying Job gives its name free within seconds; the pod of a dying one may use up its grace. */
const nameWaitMs = 60_000;
const unfinishedMs = 10_000;
const lookAgainMs = 500;

/**
 * Creates the Job and its Secrets, or finds that somebody else did. A finished Job of the same name was kept
 * for looking at: it makes room. One that is being deleted is waited for.
 */
export async function create(
  built: BuiltRun,
  cluster: Cluster,
  { sink, followed, left, signal }: CreateOptions,
): Promise<CreateAnswer> {
  const createId = randomUUID();
  const { job, secrets } = built;
  const startedAt = realClock.now();
  const endsAt = startedAt + nameWaitMs;
  while (true) {
    const onLeft = (what: string, why: unknown): void =>
      void left.push(`${what} (${messageOf(why)})`);
    const answer = await createRun({ store: cluster.jobs, job, secrets, createId, onLeft, signal });
    if (answer.kind === "created") return { kind: "created", job: handle(answer) };
    const name = job.metadata.name;
    if (answer.kind === "exists") {
      if (!makesRoom(answer.job) || realClock.now() >= endsAt) return { kind: "taken", job: name };
      await sink.progress("adapter_startup", `Waiting for the earlier Job ${name} to go`);
      // A creation under way has this long to finish; one whose process died never will.
      const mayFinish = isUnfinished(answer.job) && realClock.now() < startedAt + unfinishedMs;
      // Of one that has ended, a run of this process may still be reading the output; it clears up itself.
      const isWanted = mayFinish || followed.has(answer.job);
      if (answer.job.deletionTimestamp === undefined && !isWanted)
        await cluster.jobs.deleteJob(answer.job, signal);
    } else if (realClock.now() >= endsAt) {
      throw new Error(`the Job ${name} was deleted by somebody else before it was let go`);
    }
    await sleep(realClock, lookAgainMs, signal);
  }
}

function makesRoom(job: KnownJob): boolean {
  return job.ended !== undefined || job.deletionTimestamp !== undefined || isUnfinished(job);
}

function handle({ job, unownedSecrets }: Extract<RunCreation, { kind: "created" }>): JobHandle {
  const { namespace, name, uid } = job;
  return {
    namespace,
    name,
    ...(uid === undefined ? {} : { uid }),
    reattached: false,
    ...(unownedSecrets.length === 0 ? {} : { unownedSecrets }),
  };
}
