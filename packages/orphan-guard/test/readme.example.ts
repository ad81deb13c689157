import { randomUUID } from "node:crypto";
import { admit, createRun, exclusively, type JobStore } from "@claude-k8s/orphan-guard";
import { buildRun, namespace } from "./your-manifests.ts";

/** At most one run per agent: in this process, in others, and after a restart. */
export function start(
  store: JobStore,
  agentId: string,
  runId: string,
  signal: AbortSignal,
): Promise<string> {
  const guardKey = `agent:${agentId}`;
  return exclusively(guardKey, async () => {
    const claim = { guardKey, agentId, runId, taskId: "nightly", allowReattach: true };
    const labelSelector = `example.com/agent=${agentId}`;
    const admission = await admit({ store, claim, namespace, labelSelector, signal });
    if (admission.kind === "reattach") return `follow ${admission.job.name}, it runs already`;
    if (admission.kind === "blocked") return `not now: ${admission.reason}`;

    const { job, secrets } = buildRun(claim); // the Job is named after the guard key
    const made = await createRun({ store, job, secrets, createId: randomUUID(), signal });
    return made.kind === "created" ? `follow ${made.job.name}` : `not now: ${made.kind}`;
  });
}
