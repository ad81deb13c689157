import { randomUUID } from "node:crypto";
import {
  type Claim,
  createWhenFree,
  isUnread,
  type JobManifestLike,
  type KnownJob,
  type Manifest,
} from "@claude-k8s/orphan-guard";
import type { Supervision } from "../cluster/supervision.ts";
import type { RunSink } from "../host/sink.ts";
import type { Cluster } from "./cluster.ts";
import { messageOf } from "./faults.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
import { supervisedBy } from "./guard.ts";
import type { JobHandle } from "./model.ts";

/** What `build` made. */
export interface BuiltRun {
  readonly job: JobManifestLike;
  readonly secrets: readonly Manifest[];
}

export type CreateAnswer =
  | { readonly kind: "created"; readonly job: JobHandle }
  /** Another run has the name: the guard has to be asked again. */
  | { readonly kind: "busy"; readonly job: KnownJob };

export interface CreateOptions {
  readonly claim: Claim;
  readonly sink: RunSink;
  readonly followed: FollowedJobs;
  readonly supervision: Supervision | undefined;
  /** Grows by what a failed creation made and could not remove. */
  readonly left: string[];
  readonly signal: AbortSignal;
}

/** Creates the Job and its Secrets, or finds that somebody else did. */
export async function create(
  built: BuiltRun,
  cluster: Cluster,
  { claim, sink, followed, supervision, left, signal }: CreateOptions,
): Promise<CreateAnswer> {
  let waitsFor: string | undefined;
  const answer = await createWhenFree({
    ...built,
    claim,
    store: cluster.jobs,
    supervisor: supervision?.supervisor,
    // Of one that has ended, a run of this process may still be reading the output; it clears up itself.
    isSupervised: supervisedBy(followed, supervision),
    createId: randomUUID(),
    onLeft: (what, why) => void left.push(`${what} (${messageOf(why)})`),
    async onWait(job) {
      if (waitsFor === (job.uid ?? job.name)) return;
      waitsFor = job.uid ?? job.name;
      await sink.progress("adapter_startup", `Waiting for the earlier Job ${job.name} to go`);
      if (isUnread(job))
        await sink.note(`the Job ${job.name} makes room; nobody has read its result`);
    },
    signal,
  });
  if (answer.kind === "busy") return answer;
  const { namespace, name, uid } = answer.job;
  const { unownedSecrets } = answer;
  return {
    kind: "created",
    job: {
      namespace,
      name,
      ...(uid === undefined ? {} : { uid }),
      reattached: false,
      ...(unownedSecrets.length === 0 ? {} : { unownedSecrets }),
    },
  };
}
