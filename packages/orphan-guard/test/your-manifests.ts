import type { Claim, JobManifestLike, Manifest } from "../src/index.ts";
import { manifests } from "./manifests.ts";

export const namespace: string = process.env["CONFORMANCE_NAMESPACE"] ?? "default";

/** What the README's reader has: manifests whose Job carries the claim's ids. */
export function buildRun(claim: Claim): { job: JobManifestLike; secrets: Manifest[] } {
  const { job, secret } = manifests(namespace);
  const labels = {
    "example.com/agent": claim.agentId,
    "paperclip.io/run-id": claim.runId,
    "paperclip.io/task-id": claim.taskId ?? "",
  };
  return { job: { ...job, metadata: { ...job.metadata, labels } }, secrets: [secret] };
}
