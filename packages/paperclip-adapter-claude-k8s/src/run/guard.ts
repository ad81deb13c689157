import { type Admission, admit, type Claim } from "@claude-k8s/orphan-guard";
import { realClock, sleep } from "@claude-k8s/kube-http";
import { labelValue } from "@claude-k8s/k8s-job-manifest";
import { labelSelector, ownLabels } from "../cluster/marks.ts";
import type { RunSink } from "../host/sink.ts";
import type { Cluster } from "./cluster.ts";
import type { FollowedJobs } from "./followed-jobs.ts";
import type { RunRequest } from "./model.ts";

/** How often a run that waits for another looks again. */
const lookAgainMs = 3_000;

/** May this run start? Waits for another run as long as the settings allow. */
export async function guard(
  request: RunRequest,
  cluster: Cluster,
  sink: RunSink,
  options: { followed: FollowedJobs; signal: AbortSignal },
): Promise<Admission> {
  const { signal } = options;
  const endsAt = realClock.now() + request.settings.busyWaitSec * 1_000;
  for (let asked = 0; ; asked += 1) {
    const answer = await ask(request, cluster, options);
    if (answer.kind !== "blocked" || realClock.now() >= endsAt) return answer;
    if (asked === 0) await sink.progress("adapter_startup", "Waiting for another run to end");
    await sleep(realClock, lookAgainMs, signal);
  }
}

function ask(
  request: RunRequest,
  cluster: Cluster,
  { followed, signal }: { followed: FollowedJobs; signal: AbortSignal },
): Promise<Admission> {
  const { namespace } = request;
  const agent = `${ownLabels.agentId}=${labelValue(request.agent.id)}`;
  return admit({
    store: cluster.admission,
    claim: claimOf(request),
    namespace,
    labelSelector: `${labelSelector},${agent}`,
    // A Job that this process follows belongs to a run that is alive: not an orphan, whatever its age.
    isSupervised: (job) => followed.has(job),
    signal,
  });
}

function claimOf({ settings, agent, runId, taskId, sessionId }: RunRequest): Claim {
  return {
    guardKey: guardKey({ settings, agent, taskId }),
    guardScope: settings.guardScope,
    agentId: agent.id,
    runId,
    taskId,
    sessionId,
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
