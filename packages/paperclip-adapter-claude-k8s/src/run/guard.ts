import {
  type Admission,
  admit,
  barelyLabel,
  type BlockReason,
  type Claim,
  type KnownJob,
  type Supervised,
} from "@claude-k8s/orphan-guard";
import { realClock } from "@claude-k8s/kube-http";
import { labelValue } from "@claude-k8s/k8s-job-manifest";
import { labelSelector, ownLabels } from "../cluster/marks.ts";
import type { Supervision } from "../cluster/supervision.ts";
import type { RunSink } from "../host/sink.ts";
import type { Cluster } from "./cluster.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
import type { RunRequest } from "./model.ts";
import { adoptionMarks } from "./reattach.ts";

export interface GuardOptions {
  readonly sink: RunSink;
  readonly followed: FollowedJobs;
  readonly supervision: Supervision | undefined;
  /** Until when it waits for another run, by the real clock. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

/**
 * May this run start? Waits for another run as long as the settings allow, and adopts where that is the
 * answer and there is a supervisor to adopt for.
 */
export function guard(
  request: RunRequest,
  cluster: Cluster,
  { sink, followed, supervision, endsAt, signal }: GuardOptions,
): Promise<Admission> {
  const { namespace, otherNamespaces, runId } = request;
  const waitMs = Math.max(0, endsAt - realClock.now());
  let told: BlockReason | undefined;
  return admit({
    store: cluster.admission,
    claim: claimOf(request),
    namespace,
    elsewhere: otherNamespaces,
    labelSelector: `${labelSelector},${agentSelector(request.agent.id)}`,
    supervisor: supervision?.supervisor,
    isSupervised: supervisedBy(followed, supervision),
    marks: (job) => adoptionMarks(job, runId),
    whenBusy: waitMs === 0 ? "fail" : { waitMs },
    onWait({ reason }) {
      if (reason !== told) void sink.progress("adapter_startup", waitText(reason));
      told = reason;
    },
    signal,
  });
}

/** An id that labels cannot hold is written otherwise by earlier adapters of this type; both forms are asked for. */
function agentSelector(id: string): string {
  const [value, ...others] = new Set([labelValue(id), barelyLabel(id)].filter((one) => one !== ""));
  return others.length === 0
    ? `${ownLabels.agentId}=${value}`
    : `${ownLabels.agentId} in (${[value, ...others].join(",")})`;
}

/** A Job that this process follows belongs to a run that is alive: not an orphan, whatever its age. */
export function supervisedBy(
  followed: FollowedJobs,
  supervision: Supervision | undefined,
): (job: KnownJob) => Supervised {
  return (job) => followed.has(job) || (supervision?.supervisor.isSupervised(job) ?? false);
}

function waitText(reason: BlockReason): string {
  if (reason === "supervision-unknown")
    return "Waiting to see whether another server still follows the Job";
  return reason === "being-stopped"
    ? "Waiting for an earlier run to be stopped"
    : "Waiting for another run to end";
}

export function claimOf(request: RunRequest): Claim {
  const { settings, agent, runId, taskId, sessionId, retryOfRunId } = request;
  return {
    guardKey: guardKey({ settings, agent, taskId }),
    guardScope: settings.guardScope,
    agentId: agent.id,
    runId,
    taskId,
    sessionId,
    retryOfRunId,
    keepsFinished: settings.retainJobs,
    allowReattach: settings.reattachOrphanedJobs,
  };
}

/** What has at most one Job at a time. It also names the Job, so that the API server keeps the promise. */
export function guardKey({
  settings,
  agent,
  taskId,
}: Pick<RunRequest, "settings" | "agent" | "taskId">): string {
  const key = `agent:${agent.id}`;
  return settings.guardScope === "agent"
    ? key
    : `${key}:${taskId === undefined ? "no-task" : `task:${taskId}`}`;
}
