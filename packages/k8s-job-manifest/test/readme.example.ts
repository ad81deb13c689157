import { buildRun, jobName, ownedBy } from "@claude-k8s/k8s-job-manifest";
import type { BatchV1Api, CoreV1Api } from "@kubernetes/client-node";

/** Sorts lines in the cluster. The Job is made suspended, so that nothing runs before its input is there. */
export async function sort(batch: BatchV1Api, core: CoreV1Api, lines: string): Promise<string> {
  const name = jobName(["sort", String(lines.length)]);
  const { job, secrets } = buildRun({
    name,
    namespace: "default",
    labels: { "example.com/does": "sort" },
    program: { image: "busybox:1.37", argv: ["sort", "-r"], stdin: lines, readOnlyRoot: true },
    suspend: true,
  });
  const created = await batch.createNamespacedJob({ namespace: "default", body: job });
  const ownerReferences = [ownedBy({ name, uid: created.metadata?.uid ?? "" })];
  for (const secret of secrets) {
    const body = { ...secret, metadata: { ...secret.metadata, ownerReferences } };
    await core.createNamespacedSecret({ namespace: "default", body });
  }
  const body = [{ op: "replace", path: "/spec/suspend", value: false }];
  await batch.patchNamespacedJob({ name, namespace: "default", body });
  return name;
}
